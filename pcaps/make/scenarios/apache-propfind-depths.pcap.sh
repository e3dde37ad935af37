# PROPFIND with Depth 0, 1 and infinity, by name, allprop and propname, and of a resource that is not there.
mkdir -p "$www/files/2026/11"
echo one >"$www/files/a.txt"
echo two >"$www/files/b.txt"
echo three >"$www/files/2026/plan.txt"
echo four >"$www/files/2026/11/notes.txt"
apache
capture

url=http://dav.example/files/
named='<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/><getetag/><getlastmodified/></prop></propfind>'
for depth in 0 1 infinity; do
    propfind $url $depth "$named"
done
propfind $url 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><allprop/></propfind>'
propfind $url 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><propname/></propfind>'
propfind ${url}a.txt 0 "$named"
propfind ${url}missing.txt 0 "$named"
