// Go's database/sql with go-sql-driver/mysql. ../output-line.ts describes its output.
package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
)

func printLine(line map[string]interface{}) {
	text, _ := json.Marshal(line)
	fmt.Println(string(text))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func open(host, secret string) *sql.DB {
	config := mysql.NewConfig()
	config.User, config.Passwd, config.DBName = os.Getenv("DB_USER"), secret, "app"
	config.Net, config.Addr = "tcp", host+":"+os.Getenv("DB_PORT")
	config.TLSConfig = "verified"
	config.Collation = "utf8mb4_general_ci"
	config.MaxAllowedPacket = 64 << 20
	// SECURITY: TLSConfig requires TLS, and the driver verifies the certificate before it sends a token.
	config.AllowCleartextPasswords = os.Getenv("DB_IAM") != ""
	db, err := sql.Open("mysql", config.FormatDSN())
	must(err)
	return db
}

func openEndpoint() *sql.DB { return open(os.Getenv("DB_HOST"), os.Getenv("DB_SECRET")) }

func firstValue(db *sql.DB, query string, args ...interface{}) string {
	var value string
	must(db.QueryRow(query, args...).Scan(&value))
	return value
}

func currentUser(db *sql.DB) string {
	defer db.Close()
	return firstValue(db, "SELECT CURRENT_USER()")
}

var owner = os.Getenv("DB_OWNER")

func prepared() string {
	db := openEndpoint()
	defer db.Close()
	statement, err := db.Prepare("SELECT ? + 1, ?, ? IS NULL")
	must(err)
	row := func(number int, text string) string {
		var n, t, missing string
		must(statement.QueryRow(number, text, nil).Scan(&n, &t, &missing))
		return n + " " + t + " " + missing
	}
	return row(41, "it's") + ", " + row(42, "we’re")
}

func transaction() string {
	db := openEndpoint()
	defer db.Close()
	insert := func(body string) *sql.Tx {
		tx, err := db.Begin()
		must(err)
		_, err = tx.Exec("INSERT INTO notes VALUES (?, ?)", owner, body)
		must(err)
		return tx
	}
	count := "SELECT COUNT(*) FROM notes WHERE owner = ?"
	must(insert("rolled back").Rollback())
	before := firstValue(db, count, owner)
	must(insert("committed").Commit())
	other := openEndpoint()
	defer other.Close()
	return before + " " + firstValue(other, count, owner)
}

func bigValue() string {
	db := openEndpoint()
	defer db.Close()
	value := make([]byte, 20<<20)
	for index := range value {
		value[index] = byte(index)
	}
	_, err := db.Exec("INSERT INTO files VALUES (?, ?)", owner, value)
	must(err)
	return fmt.Sprintf("%x", sha256.Sum256([]byte(firstValue(db, "SELECT body FROM files WHERE owner = ?", owner))))
}

func text() string {
	db := openEndpoint()
	defer db.Close()
	_, err := db.Exec("INSERT INTO texts VALUES (?, ?)", owner, os.Getenv("DB_TEXT"))
	must(err)
	var body, length string
	must(db.QueryRow("SELECT body, CHAR_LENGTH(body) FROM texts WHERE owner = ?", owner).Scan(&body, &length))
	return body + " " + length
}

// The deadline of a context closes the connection but sends no KILL, so another connection kills the statement.
func cancel() string {
	db := openEndpoint()
	defer db.Close()
	connection, err := db.Conn(context.Background())
	must(err)
	var id, discarded string
	must(connection.QueryRowContext(context.Background(), "SELECT CONNECTION_ID()").Scan(&id))
	time.AfterFunc(time.Second, func() { _, _ = db.Exec("KILL QUERY " + id) })
	must(connection.QueryRowContext(context.Background(), os.Getenv("DB_SLOW_STATEMENT")).Scan(&discarded, &discarded))
	return "the statement was not cancelled"
}

// While the program waits for a line, the suite closes the pool's connection. The next query may fail once, because the pool may
// notice the close only then.
func reconnect() string {
	db := openEndpoint()
	defer db.Close()
	firstValue(db, "SELECT 1")
	printLine(map[string]interface{}{"idle": true})
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	var user string
	if db.QueryRow("SELECT CURRENT_USER()").Scan(&user) != nil {
		must(db.QueryRow("SELECT CURRENT_USER()").Scan(&user))
	}
	return user
}

// The version of Debian's package, because the driver does not export its own.
func version() string {
	version, err := exec.Command("dpkg-query", "-W", "-f", "${Version}", "golang-github-go-sql-driver-mysql-dev").Output()
	must(err)
	return strings.SplitN(string(version), "-", 2)[0]
}

func run(check string, work func() string) {
	defer func() {
		if err := recover(); err != nil {
			printLine(map[string]interface{}{"check": check, "error": fmt.Sprint(err)})
		}
	}()
	printLine(map[string]interface{}{"check": check, "seen": work()})
}

func main() {
	pem, err := os.ReadFile(os.Getenv("DB_CA"))
	must(err)
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM(pem)
	// The driver verifies the host name of each connection.
	must(mysql.RegisterTLSConfig("verified", &tls.Config{RootCAs: authorities}))
	printLine(map[string]interface{}{"version": version()})
	run("login", func() string { return currentUser(openEndpoint()) })
	run("wrongSecret", func() string { return currentUser(open(os.Getenv("DB_HOST"), os.Getenv("DB_WRONG_SECRET"))) })
	run("wrongServerName", func() string { return currentUser(open(os.Getenv("DB_OTHER_HOST"), os.Getenv("DB_SECRET"))) })
	run("prepared", prepared)
	run("transaction", transaction)
	run("bigValue", bigValue)
	run("text", text)
	run("cancel", cancel)
	printLine(map[string]interface{}{"check": "compression", "unsupportedReason": "the driver implements it from 1.9 on"})
	run("reconnect", reconnect)
}
