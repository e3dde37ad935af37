# A capture whose frames were cut after 200 bytes: heads are there, of the bodies only beginnings.
mkdir -p "$www/files"
for n in 1 2 3 4 5; do echo "file $n" >"$www/files/file-$n.txt"; done
apache
capture -s 200

url=http://dav.example/files/
propfind $url 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><allprop/></propfind>'
propfind ${url}file-1.txt 0 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'
dav GET ${url}file-1.txt
