# lighttpd's way of saying it: listings, DELETE of a tree with an undeletable member, COPY and MOVE onto
# one, PROPPATCH refused (names with an undeclared prefix), taken, and as Windows asks it.
mkdir -p "$www/tree/readonly" "$www/tree/free" "$www/source/readonly" "$www/target/readonly"
for file in tree/a.txt tree/readonly/kept.txt tree/free/b.txt source/a.txt source/readonly/c.txt target/readonly/c.txt; do
    echo text >"$www/$file"
done
lighttpd_dav 'webdav.opts = ("propfind-depth-infinity" => "enable")'
chown -R root "$www/tree/readonly" "$www/target/readonly"
chmod 555 "$www/tree/readonly" "$www/target/readonly"
capture

url=http://dav.example:8082
named='<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/><getetag/><displayname/></prop></propfind>'
for depth in 0 1 infinity; do propfind $url/tree/ $depth "$named"; done
propfind $url/tree/a.txt 0 '<?xml version="1.0"?><propfind xmlns="DAV:"><propname/></propfind>'
update() # ELEMENTS [curl options]
{
    dav_xml PROPPATCH $url/tree/a.txt "<?xml version=\"1.0\" encoding=\"utf-8\"?><D:propertyupdate xmlns:D=\"DAV:\" xmlns:Z=\"http://ns.example/z/\">$1</D:propertyupdate>" "${@:2}"
}
update '<D:set><D:prop><Z:author>Ann</Z:author><D:getetag>x</D:getetag><D:displayname>A</D:displayname></D:prop></D:set>'
update '<D:set><D:prop><Z:author>Ann</Z:author></D:prop></D:set>'
dav_xml PROPPATCH $url/tree/a.txt '<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:" xmlns:W="urn:schemas-microsoft-com:"><D:set><D:prop><W:Win32LastModifiedTime>Sun, 22 Nov 2026 08:00:00 GMT</W:Win32LastModifiedTime><W:Win32FileAttributes>00000020</W:Win32FileAttributes></D:prop></D:set></D:propertyupdate>' \
    -A 'Microsoft-WebDAV-MiniRedir/10.0.19045'
propfind $url/tree/a.txt 0 '<?xml version="1.0"?><propfind xmlns="DAV:"><allprop/></propfind>'
token=$(lock $url/tree/free/b.txt)
dav DELETE $url/tree/
dav COPY $url/source/ -H "Destination: $url/target/" -H 'Overwrite: T'
dav MOVE $url/source/ -H "Destination: $url/target/" -H 'Overwrite: T'
lock $url/tree/free/ -H 'Depth: infinity' >/dev/null
dav UNLOCK $url/tree/free/b.txt -H "Lock-Token: <$token>"
propfind $url/tree/ infinity "$named"
