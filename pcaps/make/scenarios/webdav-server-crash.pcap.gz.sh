# webdav-server (npm): a walk through all methods, in which one request makes the server end, without an answer;
# nobody listens from then on.
. scenarios/tour.inc
node_server webdav-server.cjs 8111
capture
ask_as=(-u demo:demo)
tour http://dav.example:8111/files
