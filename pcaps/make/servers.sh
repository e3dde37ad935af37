# The servers of the scenarios, each its own instance in $work with a generated configuration.
# Files to serve lie in $www; call the function after they are there.

www=$work/www
mkdir -p "$www"

# apache [extra configuration lines]: port 80, mod_dav on everything
apache()
{
    local modules=/usr/lib/apache2/modules
    mkdir -p "$work/apache"
    chmod 755 "$work"
    chown -R www-data "$www" "$work/apache"
    {
        printf 'LoadModule %s_module %s/mod_%s.so\n' \
            mpm_event $modules mpm_event authz_core $modules authz_core \
            authn_core $modules authn_core authn_file $modules authn_file \
            auth_basic $modules auth_basic authz_user $modules authz_user \
            mime $modules mime dir $modules dir deflate $modules deflate filter $modules filter \
            headers $modules headers \
            dav $modules dav dav_fs $modules dav_fs dav_lock $modules dav_lock
        cat <<-CONF
		ServerRoot $work/apache
		ServerName dav.example
		PidFile $work/apache/pid
		ErrorLog $work/apache/error.log
		User www-data
		Group www-data
		Listen 80
		StartServers 1
		MinSpareThreads 4
		MaxSpareThreads 8
		ThreadsPerChild 8
		MaxRequestWorkers 16
		TypesConfig /etc/mime.types
		DocumentRoot $www
		DavLockDB $work/apache/locks
		LimitXMLRequestBody 1048576
		<Directory $www>
		    Require all granted
		    DirectoryIndex index.html
		</Directory>
		<Location />
		    Dav On
		    DavDepthInfinity On
		</Location>
		CONF
        printf '%s\n' "$@"
    } >"$work/apache/conf"
    apache2 -f "$work/apache/conf" -DFOREGROUND &
    wait_for 80
}

# radicale_server [PORT]: port 5232 or the one named, user demo:demo, calendars under /demo/, files in
# $work/radicale (and the port, when named)
radicale_server()
{
    local name=radicale${1-}
    echo demo:demo >"$work/users"
    cat >"$work/$name.conf" <<-CONF
	[server]
	hosts = 0.0.0.0:${1-5232}, [::]:${1-5232}
	[auth]
	type = htpasswd
	htpasswd_filename = $work/users
	htpasswd_encryption = plain
	delay = 0
	[rights]
	type = owner_only
	[storage]
	filesystem_folder = $work/$name
	CONF
    radicale --config "$work/$name.conf" 2>"$work/$name.log" &
    wait_for ${1-5232}
}

# cyrus_server [MODULES]: port 80, mailboxes of ann:ann and bob:bob, a calendar each at
# /dav/calendars/user/NAME/Default/, and with the module jmap JMAP at /jmap/
cyrus_server()
{
    local cyrus=$work/cyrus name modules=${1:-caldav carddav webdav}
    chmod 755 "$work"
    mkdir -p "$cyrus/conf/log" "$cyrus/conf/proc" "$cyrus/conf/socket" "$cyrus/spool"
    cat >"$cyrus/imapd.conf" <<-CONF
	configdirectory: $cyrus/conf
	defaultpartition: default
	partition-default: $cyrus/spool
	admins: admin
	sasl_pwcheck_method: auxprop
	sasl_mech_list: PLAIN
	sasl_auxprop_plugin: sasldb
	sasl_sasldb_path: $cyrus/users
	allowplaintext: yes
	httpmodules: $modules
	conversations: $([[ $modules == *jmap* ]] && echo yes || echo no)
	caldav_create_default: yes
	caldav_allowscheduling: off
	virtdomains: off
	unixhierarchysep: no
	altnamespace: no
	defaultdomain: dav.example
	CONF
    cat >"$cyrus/cyrus.conf" <<-CONF
	START { recover cmd="ctl_cyrusdb -C $cyrus/imapd.conf -r" }
	SERVICES {
	 imap cmd="imapd -C $cyrus/imapd.conf" listen="127.0.0.1:8143" prefork=0
	 http cmd="httpd -C $cyrus/imapd.conf" listen="0.0.0.0:80" prefork=1
	}
	CONF
    for name in admin ann bob; do
        printf $name | saslpasswd2 -p -c -f "$cyrus/users" -u "$(hostname)" $name
    done
    chown -R cyrus:mail "$cyrus"
    /usr/lib/cyrus/bin/master -C "$cyrus/imapd.conf" -M "$cyrus/cyrus.conf" -p "$cyrus/pid" 2>/dev/null &
    wait_for 8143
    wait_for 80
    for name in ann bob; do
        printf '%s\r\n' 'a login admin admin' "b create user.$name" 'c logout' |
            on_cyrus_imap >/dev/null
    done
}

# What standard input says to the IMAP side, after which its answers come.
on_cyrus_imap()
{
    python3 -c 'import socket, sys
link = socket.create_connection(("127.0.0.1", 8143))
answers = link.makefile()
answers.readline()
for line in sys.stdin.buffer:
    link.sendall(line.strip() + b"\r\n")
    while not (answer := answers.readline()).startswith(line.split()[0].decode() + " "):
        print(answer, end="")
    print(answer, end="")'
}

# bulk_server: port 8008, a calendar that takes batches (played by bulk_server.py)
bulk_server()
{
    python3 bulk_server.py 8008 &
    wait_for 8008
}

# played_server: port 8080, answers the n-th request with the n-th file of $work/answers
played_server()
{
    python3 played_server.py 8080 "$work/answers" &
    wait_for 8080
}

# xandikos_server: port 8090, a calendar of the user at /demo/calendars/calendar/
xandikos_server()
{
    mkdir -p "$work/xandikos"
    xandikos -d "$work/xandikos" --defaults --current-user-principal /demo/ \
        -l 0.0.0.0 -p 8090 >"$work/xandikos.log" 2>&1 &
    wait_for 8090
}

# nginx_dav: port 8081, core DAV methods and nginx-dav-ext's PROPFIND, LOCK and OPTIONS
nginx_dav()
{
    chmod 755 "$work"
    chown -R www-data "$www"
    mkdir -p "$work/nginx"
    cat >"$work/nginx/conf" <<-CONF
	load_module /usr/lib/nginx/modules/ngx_http_dav_ext_module.so;
	daemon off;
	user www-data;
	worker_processes 1;
	pid $work/nginx/pid;
	error_log $work/nginx/error.log;
	events { worker_connections 64; }
	http {
	    include /etc/nginx/mime.types;
	    access_log off;
	    dav_ext_lock_zone zone=locks:1m;
	    gzip on;
	    gzip_types text/css application/javascript application/json;
	    server {
	        listen 8081;
	        listen [::]:8081;
	        root $www;
	        location / {
	            client_body_temp_path $work/nginx/body;
	            client_max_body_size 20m;
	            $*
	            create_full_put_path on;
	            dav_access user:rw group:r all:r;
	            dav_methods PUT DELETE MKCOL COPY MOVE;
	            dav_ext_methods PROPFIND OPTIONS LOCK UNLOCK;
	            dav_ext_lock zone=locks;
	        }
	    }
	}
	CONF
    nginx -c "$work/nginx/conf" -e "$work/nginx/error.log" &
    wait_for 8081
}

# nginx_gateway [lines of the server block]: port 8088, what stands in front of a server; no DAV of its own
nginx_gateway()
{
    mkdir -p "$work/gateway"
    cat >"$work/gateway/conf" <<-CONF
	daemon off;
	user www-data;
	worker_processes 1;
	pid $work/gateway/pid;
	error_log $work/gateway/error.log;
	events { worker_connections 64; }
	http {
	    include /etc/nginx/mime.types;
	    access_log off;
	    limit_req_zone \$binary_remote_addr zone=clients:1m rate=1r/s;
	    server {
	        listen 8088;
	        $(printf '%s\n' "$@")
	    }
	}
	CONF
    nginx -c "$work/gateway/conf" -e "$work/gateway/error.log" &
    wait_for 8088
}

# balancer PORT PORT...: haproxy on port 8086 gives the first request to the first server, and so on
balancer()
{
    {
        printf '%s\n' defaults 'mode http' 'timeout connect 5s' 'timeout client 30s' \
            'timeout server 30s' 'frontend dav' 'bind :8086' 'default_backend nodes' \
            'backend nodes' 'balance roundrobin' 'http-reuse never'
        printf 'server node%s 127.0.0.1:%s\n' $(for port in "$@"; do echo $port $port; done)
    } >"$work/haproxy.conf"
    haproxy -q -f "$work/haproxy.conf" &
    wait_for 8086
}

# lighttpd_dav [extra configuration lines]: port 8082, mod_webdav with locks and properties
lighttpd_dav()
{
    chmod 755 "$work"
    mkdir -p "$work/lighttpd"
    chown -R www-data "$www" "$work/lighttpd"
    cat >"$work/lighttpd/conf" <<-CONF
	server.modules = ("mod_webdav")
	server.document-root = "$www"
	server.port = 8082
	server.username = "www-data"
	server.groupname = "www-data"
	server.errorlog = "$work/lighttpd/error.log"
	server.upload-dirs = ("$work/lighttpd")
	mimetype.assign = (".txt" => "text/plain", ".html" => "text/html")
	webdav.activate = "enable"
	webdav.sqlite-db-name = "$work/lighttpd/webdav.db"
	$*
	CONF
    lighttpd -D -f "$work/lighttpd/conf" &
    wait_for 8082
}

# sabre_server [php options]: port 8084, sabre/dav in PHP's own web server: calendars of demo:demo, files
sabre_server()
{
    local sql=/usr/share/doc/php-sabre-dav/examples/sql
    mkdir -p "$work/sabre" "$www/files"
    cat $sql/sqlite.calendars.sql $sql/sqlite.principals.sql | sed 's/admin/demo/g' |
        php -r "\$db = new PDO('sqlite:$work/sabre/db'); \$db->exec(file_get_contents('php://stdin'));"
    DAV_DATABASE=$work/sabre/db DAV_FILES=$www/files php "$@" -S 0.0.0.0:8084 sabre.php \
        2>"$work/sabre/log" &
    wait_for 8084
}

# rclone_server: port 8083, rclone's own WebDAV server on $www
rclone_server()
{
    rclone serve webdav --addr 0.0.0.0:8083 "$www" 2>"$work/rclone.log" &
    wait_for 8083
}

# web_api: port 8000, JSON and streams (web_api.py)
web_api()
{
    python3 web_api.py 8000 &
    wait_for 8000
}

# certificate: $work/cert and $work/key of RSA, $work/ec.cert and $work/ec.key of an elliptic curve
certificate()
{
    local subject='/CN=dav.example'
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj $subject \
        -keyout "$work/key" -out "$work/cert" 2>/dev/null
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj $subject \
        -keyout "$work/ec.key" -out "$work/ec.cert" 2>/dev/null
}

# apache_tls [extra configuration lines]: apache that also speaks TLS on port 443, and on 8443 without
# encrypt-then-MAC and extended master secrets: all versions and suites that OpenSSL has
apache_tls()
{
    local modules=/usr/lib/apache2/modules port
    certificate
    apache "LoadModule socache_shmcb_module $modules/mod_socache_shmcb.so" \
        "LoadModule ssl_module $modules/mod_ssl.so" \
        "Listen 443" "Listen 8443" \
        "SSLSessionCache shmcb:$work/apache/sessions(512000)" \
        "SSLRandomSeed startup builtin" \
        "SSLProtocol all +TLSv1 +TLSv1.1" \
        "SSLCipherSuite ALL:@SECLEVEL=0" \
        "SSLCipherSuite TLSv1.3 TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256" \
        "<VirtualHost *:443>" "SSLEngine on" \
        "SSLCertificateFile $work/cert" "SSLCertificateKeyFile $work/key" \
        "SSLCertificateFile $work/ec.cert" "SSLCertificateKeyFile $work/ec.key" "</VirtualHost>" \
        "<VirtualHost *:8443>" "SSLEngine on" \
        "SSLCertificateFile $work/cert" "SSLCertificateKeyFile $work/key" \
        "SSLOpenSSLConfCmd Options -EncryptThenMac,-ExtendedMasterSecret" "</VirtualHost>" "$@"
    wait_for 443
}

# keep_secrets: what the clients logged goes into the capture, so that it can be read without more
keep_secrets()
{
    editcap --inject-secrets "tls,$work/keys" "$1" "$1.with"
    mv "$1.with" "$1"
}

# postgres: a database cluster in $work/postgres, on loopback; psql then speaks to it as its owner
postgres()
{
    local bin
    bin=$(echo /usr/lib/postgresql/*/bin)
    chmod 755 "$work"
    mkdir -p "$work/postgres"
    chown postgres "$work/postgres"
    (
        cd /
        su postgres -c "$bin/initdb -D $work/postgres -A trust -U postgres --no-sync -E UTF8"
        su postgres -c "$bin/pg_ctl -D $work/postgres -o '-k $work/postgres -h 127.0.0.1 -c fsync=off' -w start"
    ) >"$work/postgres.log" 2>&1
    export PGHOST=127.0.0.1 PGUSER=postgres
}

# davical_server: port 8120 in PHP's own web server, users ann:ann and bob:bob below /caldav.php/
davical_server()
{
    local name dba=/usr/share/davical/dba awl=/usr/share/awl
    postgres
    psql -q -c 'create role davical_dba login superuser' -c 'create role davical_app login' \
        -c "create database davical owner davical_dba template template0 encoding 'UTF8'"
    (
        cd $dba
        for name in $awl/dba/{awl-tables,schema-management}.sql davical.sql views/dav_principal.sql \
            rrule_functions.sql caldav_functions.sql base-data.sql; do
            psql -q -U davical_dba -d davical -f $name
        done
        psql -q -d davical -c 'grant all on all tables in schema public to davical_app' \
            -c 'grant all on all sequences in schema public to davical_app'
        for name in ann bob; do
            psql -q -d davical -c "insert into usr (username, password, fullname, email, active) values ('$name', '**$name', '$name', '$name@dav.example', true)" \
                -c "insert into principal (type_id, user_no, displayname, default_privileges) select 1, user_no, fullname, 0::bit(24) from usr where username = '$name'"
        done
    ) >>"$work/postgres.log" 2>&1
    mkdir -p "$work/davical"
    cat >"$work/davical/config.php" <<-'CONF'
	<?php
	$c->domain_name = 'dav.example';
	$c->sysabbr = 'DAViCal';
	$c->pg_connect[] = 'host=127.0.0.1 dbname=davical user=davical_app';
	CONF
    mount --bind "$work/davical" /etc/davical
    php -d include_path=.:/usr/share/davical/inc:$awl/inc -t /usr/share/davical/htdocs \
        -S 0.0.0.0:8120 2>"$work/davical.log" &
    wait_for 8120
}

# sogo_server: port 20000, users ann:ann and bob:bob below /SOGo/dav/
sogo_server()
{
    local url=postgresql://sogo@127.0.0.1:5432/sogo
    postgres
    psql -q -c 'create role sogo login superuser' -c 'create database sogo owner sogo'
    psql -q -d sogo -U sogo \
        -c 'create table users (c_uid varchar primary key, c_name varchar, c_password varchar, c_cn varchar, mail varchar)' \
        -c "insert into users values ('ann', 'ann', 'ann', 'Ann', 'ann@dav.example'), ('bob', 'bob', 'bob', 'Bob', 'bob@dav.example')"
    mkdir -p "$work/sogo/conf"
    chown -R sogo "$work/sogo"
    cat >"$work/sogo/conf/sogo.conf" <<-CONF
	{
	    SOGoProfileURL = "$url/profile";
	    OCSFolderInfoURL = "$url/folders";
	    OCSSessionsFolderURL = "$url/sessions";
	    OCSEMailAlarmsFolderURL = "$url/alarms";
	    SOGoUserSources = ({type = sql; id = users; viewURL = "$url/users"; canAuthenticate = YES;
	        isAddressBook = YES; userPasswordAlgorithm = plain; displayName = All;});
	    SOGoTimeZone = UTC;
	    SOGoMailDomain = dav.example;
	    SOGoDAVCalendarStartTimeLimit = 0;
	    WOPort = "0.0.0.0:20000";
	    WOLogFile = "-";
	    WOPidFile = "$work/sogo/pid";
	}
	CONF
    mount --bind "$work/sogo/conf" /etc/sogo
    (cd "$work/sogo" && exec su -s /bin/bash sogo -c "HOME=$work/sogo exec sogod -WOUseWatchDog NO -WONoDetach YES -WOWorkersCount 2") \
        >"$work/sogo.log" 2>&1 &
    wait_for 20000
}

# tomcat_server: port 8130, its WebDAV servlet on $www
tomcat_server()
{
    local base=$work/tomcat
    mkdir -p "$base"/{conf,logs,temp,work} "$www/WEB-INF"
    cat >"$base/conf/server.xml" <<-CONF
	<Server port="-1"><Service name="Catalina"><Connector port="8130"/><Engine name="Catalina" defaultHost="localhost">
	<Host name="localhost" appBase="$base/none"><Context path="" docBase="$www"/></Host></Engine></Service></Server>
	CONF
    cat >"$www/WEB-INF/web.xml" <<-'CONF'
	<web-app><servlet><servlet-name>dav</servlet-name>
	<servlet-class>org.apache.catalina.servlets.WebdavServlet</servlet-class>
	<init-param><param-name>listings</param-name><param-value>true</param-value></init-param>
	<init-param><param-name>readonly</param-name><param-value>false</param-value></init-param></servlet>
	<servlet-mapping><servlet-name>dav</servlet-name><url-pattern>/*</url-pattern></servlet-mapping></web-app>
	CONF
    CATALINA_BASE=$base /usr/share/tomcat10/bin/catalina.sh run >"$work/tomcat.log" 2>&1 &
    wait_for 8130
}

# node_server FILE PORT: a server of the npm registry on $www; its packages lie in $NODE_MODULES
node_server()
{
    mkdir -p "$work/node"
    ln -s "${NODE_MODULES:?folder of the packages that $1 names}" "$work/node/node_modules"
    cp "$1" "$work/node/"
    node "$work/node/$1" "$www" $2 >"$work/node.log" 2>&1 &
    wait_for $2
}

# caddy_gateway [lines of the site]: port 443 over HTTP/1, 2 and 3, with $work/ec.cert
caddy_gateway()
{
    mkdir -p "$work/caddy"
    certificate
    {
        printf '%s\n' '{' 'admin off' 'auto_https off' "storage file_system $work/caddy" '}' \
            'https://dav.example {' "tls $work/ec.cert $work/ec.key" "$@" '}'
    } >"$work/caddy/Caddyfile"
    HOME=$work/caddy caddy run --config "$work/caddy/Caddyfile" --adapter caddyfile 2>"$work/caddy/log" &
    wait_for 443
}
