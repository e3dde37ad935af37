# nginx with the dav-ext module: listings, a missing path, a folder made twice, a lock that holds.
mkdir -p "$www/docs/ümlaut & co"
echo a >"$www/docs/a b.txt"
echo b >"$www/docs/ümlaut & co/ß.txt"
nginx_dav
capture

url=http://dav.example:8081
named='<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/><getetag/><displayname/><quota-used-bytes/></prop></propfind>'
for depth in 0 1 infinity; do propfind $url/docs/ $depth "$named"; done
propfind $url/missing.txt 0 "$named"
propfind $url/missing/ 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><allprop/></propfind>'
dav PUT $url/docs/new.txt --data-binary text
dav MKCOL $url/docs/folder/
dav MKCOL $url/docs/folder/
token=$(lock $url/docs/new.txt)
dav PUT $url/docs/new.txt --data-binary other
propfind $url/docs/new.txt 0 '<?xml version="1.0"?><propfind xmlns="DAV:"><allprop/></propfind>'
dav DELETE $url/docs/
