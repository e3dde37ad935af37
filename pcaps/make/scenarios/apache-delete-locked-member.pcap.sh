# DELETE of a tree in which one file is locked by somebody else, then of a tree with an undeletable
# file, then of one without.
mkdir -p "$www/tree/deep" "$www/guarded/readonly" "$www/free"
for file in tree/a.txt tree/b.txt tree/deep/report.odt guarded/ok.txt guarded/readonly/kept.txt free/c.txt; do
    echo text >"$www/$file"
done
apache
chown root "$www/guarded/readonly"
chmod 555 "$www/guarded/readonly"
capture

url=http://dav.example
token=$(lock $url/tree/deep/report.odt)
dav DELETE $url/tree/
propfind $url/tree/ infinity '<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/><D:lockdiscovery/></D:prop></D:propfind>'
dav UNLOCK $url/tree/deep/report.odt -H "Lock-Token: <$token>"
dav DELETE $url/tree/
dav DELETE $url/guarded/
dav DELETE $url/free/
dav DELETE $url/free/
