# HTTP/2 in cleartext with prior knowledge: one connection, from listings to a refusal and a large file.
mkdir -p "$www/files/2026/11" "$www/many"
echo one >"$www/files/a.txt"
echo two >"$www/files/b c.txt"
echo three >"$www/files/2026/plan.txt"
for n in $(seq 200); do echo $n >"$www/many/$n.txt"; done
apache 'LoadModule http2_module /usr/lib/apache2/modules/mod_http2.so' 'Protocols h2c http/1.1' \
    'AddOutputFilterByType DEFLATE text/xml'
lock http://dav.example/files/a.txt >/dev/null
capture

echo '<propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/><getetag/></prop></propfind>' >"$work/find"
echo '<propertyupdate xmlns="DAV:"><set><prop><getetag>x</getetag><author>Ann</author></prop></set></propertyupdate>' >"$work/update"
head -c 30000 /dev/zero | tr '\0' 'x' >"$work/large"
on_client /usr/bin/python3 h2_client.py dav.example 80 >>"$work/client.log" <<REQUESTS
PROPFIND /files/
Depth: 1
Content-Type: application/xml
User-Agent: h2-client
@$work/find

PROPFIND /files/
Depth: infinity
Content-Type: application/xml
User-Agent: h2-client
@$work/find

PROPFIND /many/
Depth: 1
Content-Type: application/xml
Accept-Encoding: gzip
User-Agent: h2-client
@$work/find

PROPFIND /many/
Depth: 1
Content-Type: application/xml
User-Agent: h2-client
@$work/find

PROPPATCH /files/2026/plan.txt
Content-Type: application/xml
User-Agent: h2-client
@$work/update

PUT /files/large.bin
User-Agent: h2-client
@$work/large

GET /files/large.bin
User-Agent: h2-client

DELETE /files/
User-Agent: h2-client

PROPFIND /files/missing
Depth: 0
Authorization: Basic ZGVtbzpkZW1v
User-Agent: h2-client

PROPFIND /files/b%20c.txt
Depth: 0
Content-Type: application/xml
User-Agent: h2-client
@$work/find
REQUESTS
