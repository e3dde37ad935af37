# The whole litmus test suite against lighttpd.
lighttpd_dav
capture
on_client env HTDOCS=/usr/share/litmus/htdocs sh -c "cd '$work' && litmus -k http://dav.example:8082/" >"$work/client.log" 2>&1 || true
