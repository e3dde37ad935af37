# The whole litmus test suite against Apache.
apache
capture
on_client env HTDOCS=/usr/share/litmus/htdocs sh -c "cd '$work' && litmus -k http://dav.example/" >"$work/client.log" 2>&1 || true
