# Two servers that desktops and scripts bring: chezdav (phodav of GNOME) and davserver3 (python3-webdav), each
# asked the same by curl; the second closes without an answer where it does not know further.
for server in chez py; do
    mkdir -p "$work/$server/docs/sub"
    echo text >"$work/$server/docs/a & b.txt"
    echo text >"$work/$server/docs/Übersicht 100%.txt"
    echo text >"$work/$server/docs/sub/deep.txt"
done
chezdav --no-mdns --public -p 8101 -P "$work/chez" >"$work/chez.log" 2>&1 &
davserver3 -D "$work/py" -H 0.0.0.0 -P 8102 -n -J >"$work/py.log" 2>&1 &
wait_for 8101
wait_for 8102
capture

xml='<?xml version="1.0" encoding="utf-8"?>'
ask() # METHOD URL [curl options]: an answer that does not come is one, too
{
    dav "$@" -A 'FileView/1.4' 2>/dev/null || true
}
for port in 8101 8102; do
    server=http://dav.example:$port
    ask OPTIONS $server/
    ask PROPFIND $server/docs/ -H 'Depth: 1' -H 'Content-Type: application/xml' --data-binary \
        "$xml<propfind xmlns=\"DAV:\"><prop><resourcetype/><getetag/><getlastmodified/><displayname/><quota-available-bytes/></prop></propfind>"
    ask PROPFIND $server/ -H 'Depth: infinity' -H 'Content-Type: application/xml' --data-binary "$xml<propfind xmlns=\"DAV:\"><allprop/></propfind>"
    ask PROPFIND $server/docs/none -H 'Depth: 0'
    ask PUT $server/docs/new%20file.txt --data-binary hello
    ask MKCOL $server/docs/dir/
    ask MKCOL $server/docs/dir/
    ask PROPPATCH $server/docs/new%20file.txt -H 'Content-Type: application/xml' --data-binary \
        "$xml<D:propertyupdate xmlns:D=\"DAV:\"><D:set><D:prop><author xmlns=\"urn:x\">Ann</author></D:prop></D:set></D:propertyupdate>"
    lock $server/docs/new%20file.txt >"$work/token" 2>/dev/null || true
    ask PUT $server/docs/new%20file.txt --data-binary other
    ask COPY $server/docs/ -H "Destination: $server/copy/"
    ask DELETE $server/docs/
done
