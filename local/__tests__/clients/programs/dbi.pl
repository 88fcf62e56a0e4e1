# Perl's DBI with the driver that the first argument names: MariaDB or mysql. ../output-line.ts describes its output.
use strict;
use warnings;
use utf8;
use DBI;
use Digest::SHA qw(sha256_hex);
use Encode qw(decode_utf8);
use JSON::PP;

my $driver = $ARGV[0];
my $prefix = lc $driver;
$| = 1;

sub print_line { print JSON::PP->new->utf8->canonical->encode({@_}), "\n" }

sub connect_to {
    my (%login) = @_;
    my $host = $login{host} // $ENV{DB_HOST};
    # The client library sends a token in clear text if the server requests that. These options make it verify the server first.
    my %options = (
        "${prefix}_ssl"                    => 1,
        "${prefix}_ssl_ca_file"            => $ENV{DB_CA},
        "${prefix}_ssl_verify_server_cert" => 1,
        %{ $login{options} // {} },
    );
    # Debian's build of DBD::mysql cannot require TLS, only request it. It still verifies the certificate.
    $options{mysql_ssl_optional} = 1 if $driver eq 'mysql';
    my $parameters = join ';', "host=$host", "port=$ENV{DB_PORT}", "database=app", map {"$_=$options{$_}"} sort keys %options;
    my %attributes = (RaiseError => 1, PrintError => 0, AutoCommit => 1, %{ $login{attributes} // {} });
    # DBD::MariaDB always decodes texts; DBD::mysql does so only with this attribute.
    $attributes{mysql_enable_utf8mb4} = 1 if $driver eq 'mysql';
    return DBI->connect("dbi:$driver:$parameters", $ENV{DB_USER}, $login{secret} // $ENV{DB_SECRET}, \%attributes);
}

my $owner  = $ENV{DB_OWNER};
my $count  = 'SELECT COUNT(*) FROM notes WHERE owner = ?';
my $insert = 'INSERT INTO notes VALUES (?, ?)';

sub current_user { my $db = connect_to(@_); return $db->selectrow_array('SELECT CURRENT_USER()') }

my @checks = (
    login           => sub { scalar current_user() },
    wrongSecret     => sub { scalar current_user(secret => $ENV{DB_WRONG_SECRET}) },
    wrongServerName => sub { scalar current_user(host => $ENV{DB_OTHER_HOST}) },
    prepared        => sub {
        my $db = connect_to(options => { "${prefix}_server_prepare" => 1 });
        my $statement = $db->prepare('SELECT ? + 1, ?, ? IS NULL');
        my @rows;
        for my $values ([ 41, "it's" ], [ 42, 'we’re' ]) {
            $statement->bind_param(1, $values->[0], DBI::SQL_INTEGER());
            $statement->bind_param(2, $values->[1]);
            $statement->bind_param(3, undef);
            $statement->execute;
            push @rows, join ' ', @{ $statement->fetchrow_arrayref };
            $statement->finish;
        }
        return join ', ', @rows;
    },
    transaction => sub {
        my $db = connect_to();
        $db->begin_work;
        $db->do($insert, undef, $owner, 'rolled back');
        $db->rollback;
        my ($before) = $db->selectrow_array($count, undef, $owner);
        $db->begin_work;
        $db->do($insert, undef, $owner, 'committed');
        $db->commit;
        my ($after) = connect_to()->selectrow_array($count, undef, $owner);
        return "$before $after";
    },
    bigValue => sub {
        my $db = connect_to();
        my $value = join('', map {chr} 0 .. 255) x (20 * 2**20 / 256);
        my $statement = $db->prepare('INSERT INTO files VALUES (?, ?)');
        $statement->bind_param(1, $owner);
        $statement->bind_param(2, $value, DBI::SQL_BLOB());
        $statement->execute;
        # Without LongReadLen the driver may truncate long values.
        $db->{LongReadLen} = 2 * length $value;
        my ($back) = $db->selectrow_array('SELECT body FROM files WHERE owner = ?', undef, $owner);
        return sha256_hex($back);
    },
    text => sub {
        my $db = connect_to();
        $db->do('INSERT INTO texts VALUES (?, ?)', undef, $owner, decode_utf8($ENV{DB_TEXT}));
        my @row = $db->selectrow_array('SELECT body, CHAR_LENGTH(body) FROM texts WHERE owner = ?', undef, $owner);
        return "@row";
    },
    cancel => sub {
        # Another connection kills the statement. The driver reads the id for KILL QUERY from the server's greeting.
        my $db = connect_to();
        my $async = $driver eq 'mysql' ? 'async' : 'mariadb_async';
        my $slow = $db->prepare($ENV{DB_SLOW_STATEMENT}, { $async => 1 });
        $slow->execute;
        sleep 1;
        connect_to()->do("KILL QUERY $db->{\"${prefix}_thread_id\"}");
        $driver eq 'mysql' ? $slow->mysql_async_result : $slow->mariadb_async_result;
        return join ' ', @{ $slow->fetchrow_arrayref };
    },
    compression => sub {
        my $db = connect_to(options => { "${prefix}_compression" => 1 });
        my $body = 'compressible ' x 80_000;
        my ($back) = $db->selectrow_array("SELECT '$body'");
        my (undef, $status) = $db->selectrow_array("SHOW SESSION STATUS LIKE 'Compression'");
        return $back eq $body ? $status : 'another value came back';
    },
    reconnect => sub {
        my $db = connect_to(attributes => { "${prefix}_auto_reconnect" => 1 });
        $db->selectrow_array('SELECT 1');
        print_line(idle => JSON::PP::true);
        # Waits until the suite has closed the connection.
        readline STDIN;
        # The first statement on the closed connection may fail; the next one reconnects.
        my ($user) = eval { $db->selectrow_array('SELECT CURRENT_USER()') };
        ($user) = $db->selectrow_array('SELECT CURRENT_USER()') unless defined $user;
        return $user;
    },
);

my $module = "DBD::$driver";
eval "require $module" or die $@;
print_line(version => $module->VERSION);
while (my ($check, $work) = splice @checks, 0, 2) {
    my $seen = eval { $work->() };
    if (defined $seen) { print_line(check => $check, seen => $seen) }
    else { print_line(check => $check, error => join ' ', grep {defined} $DBI::err, $@ || 'no answer') }
}
