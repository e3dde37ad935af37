# MOVE of a tree with a locked member: refused, then with the lock gone: done; and one whose target
# may not be written.
mkdir -p "$www/project/sub" "$www/closed" "$www/other"
echo text >"$www/project/plan.odt"
echo text >"$www/project/sub/notes.txt"
echo text >"$www/other/x.txt"
apache
chown root "$www/closed"
chmod 555 "$www/closed"
capture

url=http://dav.example
token=$(lock $url/project/sub/notes.txt)
dav MOVE $url/project/ -H "Destination: $url/archive/" -H 'Overwrite: F'
propfind $url/project/ 1 '<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/></D:prop></D:propfind>'
dav UNLOCK $url/project/sub/notes.txt -H "Lock-Token: <$token>"
dav MOVE $url/project/ -H "Destination: $url/archive/" -H 'Overwrite: F'
dav MOVE $url/other/ -H "Destination: $url/closed/other/" -H 'Overwrite: F'
dav MOVE $url/other/ -H "Destination: $url/archive/" -H 'Overwrite: F'
