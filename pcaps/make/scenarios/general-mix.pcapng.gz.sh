# Ordinary traffic in which Multi-Status is rare: a web site with pictures, a JSON service, downloads,
# uploads with 100 Continue, errors, HEAD, 304, ranges, redirects, keep-alive, passwords, a proxy with
# CONNECT, an upgrade, TLS, a protocol that is not HTTP; among it three PROPFINDs, one PROPPATCH
# refused and one DELETE that failed in part. Many connections at once.
mkdir -p "$www/site/img" "$www/dav/tree/readonly" "$www/private"
for page in index about news; do
    { echo "<!DOCTYPE html><html><head><title>$page</title><link rel=stylesheet href=style.css></head><body>"
      seq -f "<p>Paragraph %g of page $page mentions <b>207 Multi-Status</b> and &lt;multistatus&gt;.</p>" 60
      echo '</body></html>'; } >"$www/site/$page.html"
done
seq 80 | sed 's/.*/.c& { margin: &px }/' >"$www/site/style.css"
for n in 1 2 3; do head -c 20000 /dev/urandom >"$www/site/img/$n.jpg"; done
head -c 300000 /dev/urandom >"$www/site/video.mp4"
echo text >"$www/dav/a.txt"
echo text >"$www/dav/tree/readonly/kept.txt"
echo secret >"$www/private/index.html"
echo "demo:$(openssl passwd -apr1 demo)" >"$work/htpasswd"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=dav.example -keyout "$work/key" -out "$work/cert" 2>/dev/null
apache "LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so" \
    "LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so" \
    "LoadModule proxy_connect_module /usr/lib/apache2/modules/mod_proxy_connect.so" \
    "ProxyRequests On" "AllowCONNECT 8000" \
    "<Location /private>" "AuthType Basic" "AuthName members" "AuthUserFile $work/htpasswd" "Require valid-user" "</Location>"
chown root "$www/dav/tree/readonly"
chmod 555 "$www/dav/tree/readonly"
nginx_dav
web_api
openssl s_server -quiet -accept 8443 -cert "$work/cert" -key "$work/key" -www >/dev/null 2>&1 &
python3 -c 'import socketserver
class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 mail.example ESMTP\r\n")
        for line in self.rfile:
            self.wfile.write(b"250 " + line)
socketserver.TCPServer.allow_reuse_address = True
socketserver.TCPServer(("0.0.0.0", 2525), Echo).serve_forever()' 2>/dev/null &
wait_for 8443
wait_for 2525
capture

browse() # PAGE...: a browser's keep-alive connection
{
    local page urls=()
    for page in "$@"; do
        urls+=(-o /dev/null "http://dav.example:8081/site/$page")
    done
    on_client curl -sS --compressed -A 'Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0' "${urls[@]}"
}
api=http://dav.example:8000
dav=http://dav.example/dav
together=()
browse index.html style.css img/1.jpg img/2.jpg img/3.jpg missing.png about.html & together+=($!)
browse news.html style.css img/1.jpg video.mp4 & together+=($!)
dav GET $api/orders -A 'orders-app/5.1' & together+=($!)
dav GET $api/export.csv & together+=($!)
wait "${together[@]}"
dav HEAD $api/orders -I
dav POST $api/orders -H 'Content-Type: application/json' --data '{"item":"tea","count":2}'
dav POST $api/orders -H 'Content-Type: application/json' --data 'not json'
dav OPTIONS $api/orders
dav DELETE $api/orders/7
dav GET $api/old -L
dav GET $api/events
dav GET $api/socket -H 'Connection: Upgrade' -H 'Upgrade: chatter' --max-time 2 || true
propfind $dav/ 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><getetag/><quota-used-bytes/></prop></propfind>' -A 'rclone/v1.60.1'
modified=$(on_client curl -sSI http://dav.example:8081/site/style.css | tr -d '\r' | sed -n 's/^Last-Modified: //p')
dav GET http://dav.example:8081/site/style.css -H "If-Modified-Since: $modified"
dav GET http://dav.example:8081/site/video.mp4 -r 1000-1999
dav GET http://dav.example/private/
dav GET http://dav.example/private/ -u demo:demo
dav GET http://dav.example/private/ -u demo:wrong
head -c 60000 /dev/urandom >"$work/upload"
dav PUT $dav/upload.bin -H 'Expect: 100-continue' --data-binary "@$work/upload"
dav_xml PROPPATCH $dav/a.txt '<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:" xmlns:Z="http://ns.example/z/"><D:set><D:prop><Z:tag>red</Z:tag><D:getetag>x</D:getetag></D:prop></D:set></D:propertyupdate>'
dav GET $api/orders -p -x http://dav.example:80
dav GET $api/orders -x http://dav.example:80
on_client curl -sS -k -o /dev/null https://dav.example:8443/ || true
on_client bash -c 'exec 3<>/dev/tcp/dav.example/2525; printf "EHLO me\r\nQUIT\r\n" >&3; timeout 1 cat <&3' >/dev/null || true
dav DELETE $dav/tree/
for _ in 1 2 3; do browse index.html style.css; done
dav GET http://dav.example:8081/site/index.html --http1.0
propfind http://dav.example:8081/site/ 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getcontentlength/></prop></propfind>'
propfind $dav/gone/ 0 '<?xml version="1.0"?><propfind xmlns="DAV:"><allprop/></propfind>'
on_client bash -c 'exec 3<>/dev/tcp/dav.example/8000; printf "\x16\x03\x01 this is not HTTP\r\n\r\n" >&3; timeout 1 cat <&3' >/dev/null || true
