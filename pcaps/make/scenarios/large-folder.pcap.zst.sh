# Apache as it is installed: a listing of everything below is refused. A folder of 2,600 files, listed with all
# properties, as a client that does not say what it needs does, and Windows.
mkdir -p "$www/archive"
for n in $(seq 2600); do echo >"$www/archive/$(printf 'document %04d, scanned and signed.pdf' $n)"; done
apache '<Location />' 'DavDepthInfinity Off' '</Location>'
capture
dav PROPFIND http://dav.example/archive/ -A 'TreeWalk/0.9'
dav PROPFIND http://dav.example/archive/ -A 'Microsoft-WebDAV-MiniRedir/10.0.19045' -H 'Depth: 1' -H 'Content-Length: 0'
