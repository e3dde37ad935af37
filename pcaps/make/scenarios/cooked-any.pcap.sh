# Captured on all interfaces at once (Linux cooked v2): IPv4 and IPv6, the network and the loopback.
mkdir -p "$www/files/readonly"
echo text >"$www/files/readonly/kept.txt"
echo text >"$www/files/a.txt"
apache
chown root "$www/files/readonly"
chmod 555 "$www/files/readonly"
capture -i any

named='<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><getetag/></prop></propfind>'
propfind http://dav.example/files/ 1 "$named"
propfind http://dav6.example/files/ 1 "$named"
curl -sS -o /dev/null -X PROPFIND -H 'Depth: 0' --data-binary "$named" http://127.0.0.1/files/
dav DELETE http://dav6.example/files/
