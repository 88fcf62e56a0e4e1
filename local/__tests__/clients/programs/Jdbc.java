import java.security.MessageDigest;
import java.sql.*;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;

/** Checks MariaDB's connector for JDBC. ../output-line.ts describes the output. */
public class Jdbc {
    private static final Map<String, String> env = System.getenv();
    private static final String OWNER = env.get("DB_OWNER");
    private static final String COUNT = "SELECT COUNT(*) FROM notes WHERE owner = ?";
    private static final String INSERT = "INSERT INTO notes VALUES (?, ?)";

    private static Connection connect(String host, String secret, String... options) throws SQLException {
        Properties properties = new Properties();
        properties.put("user", env.get("DB_USER"));
        properties.put("password", secret);
        // With TLS, the connector by default verifies certificate and name of the server. Without TLS, it sends no token.
        properties.put("useSsl", "true");
        properties.put("serverSslCert", env.get("DB_CA"));
        properties.put("connectTimeout", "10000");
        for (String option : options) properties.put(option, "true");
        return DriverManager.getConnection("jdbc:mariadb://" + host + ":" + env.get("DB_PORT") + "/app", properties);
    }

    private static Connection open(String... options) throws SQLException {
        return connect(env.get("DB_HOST"), env.get("DB_SECRET"), options);
    }

    /** Runs a statement. @return its first row, or null if the statement returns no rows, as an INSERT does */
    private static String firstRow(Connection db, String statement, Object... values) throws SQLException {
        try (PreparedStatement prepared = db.prepareStatement(statement)) {
            for (int index = 0; index < values.length; index += 1) prepared.setObject(index + 1, values[index]);
            return prepared.execute() ? row(prepared.getResultSet()) : null;
        }
    }

    private static String row(ResultSet rows) throws SQLException {
        rows.next();
        StringBuilder row = new StringBuilder(rows.getString(1));
        for (int column = 2; column <= rows.getMetaData().getColumnCount(); column += 1) row.append(' ').append(rows.getString(column));
        return row.toString();
    }

    private static String currentUser(String host, String secret) throws SQLException {
        try (Connection db = connect(host, secret)) {
            return firstRow(db, "SELECT CURRENT_USER()");
        }
    }

    private static String prepared() throws SQLException {
        try (Connection db = open("useServerPrepStmts"); PreparedStatement statement = db.prepareStatement("SELECT ? + 1, ?, ? IS NULL")) {
            statement.setNull(3, Types.VARCHAR);
            statement.setInt(1, 41);
            statement.setString(2, "it's");
            String first = row(statement.executeQuery());
            statement.setInt(1, 42);
            statement.setString(2, "we\u2019re");
            return first + ", " + row(statement.executeQuery());
        }
    }

    private static String transaction() throws SQLException {
        try (Connection db = open(); Connection other = open()) {
            db.setAutoCommit(false);
            db.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            firstRow(db, INSERT, OWNER, "rolled back");
            db.rollback();
            String before = firstRow(db, COUNT, OWNER);
            firstRow(db, INSERT, OWNER, "committed");
            db.commit();
            return before + " " + firstRow(other, COUNT, OWNER);
        }
    }

    private static String bigValue() throws Exception {
        byte[] value = new byte[20 << 20];
        for (int index = 0; index < value.length; index += 1) value[index] = (byte) index;
        try (Connection db = open(); PreparedStatement select = db.prepareStatement("SELECT body FROM files WHERE owner = ?")) {
            firstRow(db, "INSERT INTO files VALUES (?, ?)", OWNER, value);
            select.setString(1, OWNER);
            ResultSet rows = select.executeQuery();
            rows.next();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(rows.getBytes(1)));
        }
    }

    private static String text() throws SQLException {
        try (Connection db = open()) {
            firstRow(db, "INSERT INTO texts VALUES (?, ?)", OWNER, env.get("DB_TEXT"));
            return firstRow(db, "SELECT body, CHAR_LENGTH(body) FROM texts WHERE owner = ?", OWNER);
        }
    }

    /** After the query timeout the connector kills the statement through a second connection. */
    private static String cancel() throws SQLException {
        try (Connection db = open(); Statement statement = db.createStatement()) {
            statement.setQueryTimeout(1);
            return row(statement.executeQuery(env.get("DB_SLOW_STATEMENT")));
        }
    }

    private static String compression() throws SQLException {
        try (Connection db = open("useCompression"); Statement statement = db.createStatement()) {
            String body = "compressible ".repeat(80_000);
            String back = row(statement.executeQuery("SELECT '" + body + "'"));
            String status = row(statement.executeQuery("SHOW SESSION STATUS LIKE 'Compression'"));
            return back.equals(body) ? status.split(" ")[1] : "another value came back";
        }
    }

    /** Replaces a connection that is not valid, as a connection pool does. */
    private static String reconnect() throws Exception {
        Connection db = open();
        firstRow(db, "SELECT 1");
        System.out.println("{\"idle\":true}");
        System.in.read();
        if (!db.isValid(5)) db = open();
        try (Connection open = db) {
            return firstRow(open, "SELECT CURRENT_USER()");
        }
    }

    private static String quote(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char character : String.valueOf(text).toCharArray()) {
            if (character == '"' || character == '\\') json.append('\\').append(character);
            else if (character < ' ') json.append(String.format("\\u%04x", (int) character));
            else json.append(character);
        }
        return json.append('"').toString();
    }

    public static void main(String[] args) throws Exception {
        System.setOut(new java.io.PrintStream(System.out, true, "UTF-8"));
        System.out.println("{\"version\":" + quote(DriverManager.getDriver("jdbc:mariadb://host/").getMajorVersion() + "."
            + DriverManager.getDriver("jdbc:mariadb://host/").getMinorVersion()) + "}");
        Map<String, Callable<String>> checks = new LinkedHashMap<>();
        checks.put("login", () -> currentUser(env.get("DB_HOST"), env.get("DB_SECRET")));
        checks.put("wrongSecret", () -> currentUser(env.get("DB_HOST"), env.get("DB_WRONG_SECRET")));
        checks.put("wrongServerName", () -> currentUser(env.get("DB_OTHER_HOST"), env.get("DB_SECRET")));
        checks.put("prepared", Jdbc::prepared);
        checks.put("transaction", Jdbc::transaction);
        checks.put("bigValue", Jdbc::bigValue);
        checks.put("text", Jdbc::text);
        checks.put("cancel", Jdbc::cancel);
        checks.put("compression", Jdbc::compression);
        checks.put("reconnect", Jdbc::reconnect);
        for (Map.Entry<String, Callable<String>> check : checks.entrySet()) {
            String line = "{\"check\":" + quote(check.getKey());
            try {
                line += ",\"seen\":" + quote(check.getValue().call());
            } catch (Exception error) {
                String number = error instanceof SQLException sql ? sql.getErrorCode() + " " : "";
                line += ",\"error\":" + quote(number + error.getClass().getSimpleName() + " " + error.getMessage());
            }
            System.out.println(line + "}");
        }
        System.exit(0);
    }
}
