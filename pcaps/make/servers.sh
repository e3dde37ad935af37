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

# radicale: port 5232, user demo:demo, calendars under /demo/
radicale_server()
{
    echo demo:demo >"$work/users"
    cat >"$work/radicale.conf" <<-CONF
	[server]
	hosts = 0.0.0.0:5232, [::]:5232
	[auth]
	type = htpasswd
	htpasswd_filename = $work/users
	htpasswd_encryption = plain
	delay = 0
	[rights]
	type = owner_only
	[storage]
	filesystem_folder = $work/radicale
	CONF
    radicale --config "$work/radicale.conf" 2>"$work/radicale.log" &
    wait_for 5232
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
