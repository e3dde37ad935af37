# HTTP/1.1 that becomes HTTP/2 (Upgrade: h2c, curl): the answer comes on stream 1. With a body Apache stays with
# HTTP/1.1.
mkdir -p "$www/files"
echo one >"$www/files/a.txt"
apache 'LoadModule http2_module /usr/lib/apache2/modules/mod_http2.so' 'Protocols h2c http/1.1'
capture

url=http://dav.example/files
named='<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/><getetag/></prop></propfind>'
propfind $url/ 1 "$named" --http2
dav PROPFIND $url/ --http2 -H 'Depth: 1'
