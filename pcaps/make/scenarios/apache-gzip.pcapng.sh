# mod_deflate: gzip of one resource and of 201, the same to an HTTP/1.0 client, and plain in chunks.
mkdir -p "$www/docs"
for n in $(seq 200); do echo "document $n" >"$www/docs/document-$n.txt"; done
apache 'SetOutputFilter DEFLATE'
capture

url=http://dav.example/docs/
named='<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><getcontentlength/><getetag/></prop></propfind>'
propfind ${url}document-1.txt 0 "$named" --compressed
propfind $url 1 "$named" --compressed
propfind $url 1 "$named" --compressed --http1.0
propfind $url 1 "$named"
propfind $url 0 "$named" --http1.0
dav PUT ${url}new.txt --compressed --data-binary text
