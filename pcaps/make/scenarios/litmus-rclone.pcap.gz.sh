# The whole litmus test suite against rclone's server.
rclone_server
capture
on_client env HTDOCS=/usr/share/litmus/htdocs sh -c "cd '$work' && litmus -k http://dav.example:8083/" >"$work/client.log" 2>&1 || true
