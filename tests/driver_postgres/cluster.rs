//! A private PostgreSQL server in a temporary directory.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, Weak};

use guruorm::config::Endpoint;
use guruorm::error::Result;

/// Runs a test on the private server, which tests at the same time share and the last one stops.
pub fn on_cluster(test: impl AsyncFnOnce(&Cluster) -> Result<()>) {
    static SHARED: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());
    // One test at a time: one of them changes the server's settings.
    static TURN: Mutex<()> = Mutex::new(());
    let cluster = {
        let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match shared.upgrade().map_or_else(|| Cluster::start().map(Arc::new), Ok) {
            Ok(cluster) => {
                *shared = Arc::downgrade(&cluster);
                cluster
            }
            Err(reason) if std::env::var_os("CI").is_none() => {
                eprintln!("left out: {}: {reason}", std::thread::current().name().unwrap_or_default());
                return;
            }
            Err(reason) => panic!("{reason}"),
        }
    };
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().expect("a runtime");
    runtime.block_on(test(&cluster)).unwrap_or_else(|error| panic!("{error:#?}"));
}

pub struct Cluster {
    directory: PathBuf,
    programs: PathBuf,
    port: u16,
}

impl Cluster {
    fn start() -> std::result::Result<Self, String> {
        let programs = run(
            "sh",
            &["-c", "pg_config --bindir 2>/dev/null || ls -d /usr/lib/postgresql/*/bin | tail -1"],
        )?;
        let programs = PathBuf::from(programs.trim());
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let port = free.map_err(|error| error.to_string())?.port();
        let directory = std::env::temp_dir().join(format!("guruorm-tls-{}-{port}", std::process::id()));
        std::fs::create_dir(&directory).map_err(|error| error.to_string())?;
        let cluster = Self { directory, programs, port };
        cluster.make_certificates()?;
        cluster.own()?;
        let data = cluster.path("data");
        cluster.as_server_user(&format!("initdb -D {data} -A trust -U postgres --no-sync -E UTF8"))?;
        cluster.configure()?;
        cluster.own()?;
        cluster.as_server_user(&format!("pg_ctl -D {data} -w -l {} start", cluster.path("log")))?;
        let roles = "create role scram login password 'pass word ü'; create role certified login; \
            create role clear login password 'pass word ü'; \
            set password_encryption = 'md5'; create role md5 login password 'pass word ü'";
        cluster.psql(roles)?;
        Ok(cluster)
    }

    pub fn endpoint(&self, username: &str, host: &str) -> Endpoint {
        Endpoint {
            host: host.into(),
            port: self.port,
            socket: None,
            username: username.into(),
            password: None,
            database: "postgres".into(),
        }
    }

    /// A file of the certificates' directory.
    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.directory.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Changes a setting of the running server.
    pub fn set(&self, name: &str, value: &str) {
        self.psql(&format!("alter system set {name} = '{value}'")).unwrap();
        self.psql("select pg_reload_conf()").unwrap();
        for _ in 0..200 {
            if self.psql(&format!("show {name}")).unwrap().trim() == value {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("{name} did not become {value}");
    }

    /// Ends a session, by a program of its own.
    pub fn end_session(&self, pid: u64) {
        self.psql(&format!("select pg_terminate_backend({pid}, 5000)")).unwrap();
    }

    fn make_certificates(&self) -> std::result::Result<(), String> {
        // The system's own configuration would make every certificate an authority.
        let plain = self.path("openssl.cnf");
        std::fs::write(&plain, "[req]\ndistinguished_name = dn\n[dn]\n")
            .map_err(|error| error.to_string())?;
        for (name, subject, extension, signer) in [
            ("ca", "/CN=guruorm test", "basicConstraints=critical,CA:TRUE", None),
            ("other", "/CN=another authority", "basicConstraints=critical,CA:TRUE", None),
            ("server", "/CN=server", "subjectAltName=DNS:localhost", Some("ca")),
            ("certified", "/CN=certified", "subjectAltName=DNS:certified", Some("ca")),
        ] {
            let path = |ending: &str| self.path(&format!("{name}.{ending}"));
            let sign = signer.map_or(String::new(), |signer| {
                format!(
                    "-CA {} -CAkey {}",
                    self.path(&format!("{signer}.crt")),
                    self.path(&format!("{signer}.key"))
                )
            });
            let command = format!(
                "openssl req -config {plain} -x509 -newkey rsa:2048 -nodes -sha256 -days 2 -subj '{subject}' -addext '{extension}' \
                 -keyout {} -out {} {sign}",
                path("key"),
                path("crt")
            );
            run("sh", &["-c", &command])?;
        }
        Ok(())
    }

    fn configure(&self) -> std::result::Result<(), String> {
        let settings = format!(
            "listen_addresses = 'localhost'\nport = {}\nunix_socket_directories = '{}'\nssl = on\nssl_cert_file = '{}'\n\
             ssl_key_file = '{}'\nssl_ca_file = '{}'\nfsync = off\n",
            self.port,
            self.directory.display(),
            self.path("server.crt"),
            self.path("server.key"),
            self.path("ca.crt"),
        );
        let access = "local all all trust\nhost all postgres all trust\nhostssl all certified all cert\n\
            host all scram all scram-sha-256\nhost all md5 all md5\nhost all clear all password\n";
        let data = self.directory.join("data");
        std::fs::write(data.join("postgresql.auto.conf"), settings).map_err(|error| error.to_string())?;
        std::fs::write(data.join("pg_hba.conf"), access).map_err(|error| error.to_string())
    }

    fn path(&self, name: &str) -> String {
        self.directory.join(name).display().to_string()
    }

    /// Gives the directory to the user that the server runs as.
    fn own(&self) -> std::result::Result<(), String> {
        run("sh", &["-c", &format!("chmod 600 {}/*.key", self.directory.display())])?;
        if is_root() {
            run("chown", &["-R", "postgres", &self.directory.display().to_string()])?;
        }
        Ok(())
    }

    /// PostgreSQL's server does not run as root.
    fn as_server_user(&self, command: &str) -> std::result::Result<String, String> {
        let command = format!("cd / && {}/{command}", self.programs.display());
        if is_root() {
            run("su", &["postgres", "-s", "/bin/sh", "-c", &command])
        } else {
            run("sh", &["-c", &command])
        }
    }

    fn psql(&self, sql: &str) -> std::result::Result<String, String> {
        let port = self.port.to_string();
        let directory = self.directory.display().to_string();
        run("psql", &["-h", &directory, "-p", &port, "-U", "postgres", "-d", "postgres", "-XAtq", "-c", sql])
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.as_server_user(&format!("pg_ctl -D {} -m immediate -w stop", self.path("data")));
        let _ = std::fs::remove_dir_all(Path::new(&self.directory));
    }
}

fn is_root() -> bool {
    run("id", &["-u"]).is_ok_and(|user| user.trim() == "0")
}

/// What a program printed, or why it failed. Its output goes through files: a server that it
/// starts keeps them open.
fn run(program: &str, arguments: &[&str]) -> std::result::Result<String, String> {
    let out = std::env::temp_dir().join(format!(
        "guruorm-run-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    ));
    let file = std::fs::File::create(&out).map_err(|error| error.to_string())?;
    let errors = file.try_clone().map_err(|error| error.to_string())?;
    let ran = Command::new(program).args(arguments).stdout(file).stderr(errors).status();
    let printed = std::fs::read_to_string(&out).unwrap_or_default();
    let _ = std::fs::remove_file(&out);
    match ran {
        Ok(status) if status.success() => Ok(printed),
        Ok(status) => Err(format!("{program} {arguments:?}: {status}: {printed}")),
        Err(error) => Err(format!("{program}: {error}")),
    }
}
