# One file, two interfaces of different kinds: Apache's traffic from the Ethernet side, nginx's from "any"
# (Linux cooked), told apart by filters.
mkdir -p "$www/files/readonly"
echo text >"$www/files/a.txt"
echo text >"$www/files/readonly/kept.txt"
apache
nginx_dav
chown root "$www/files/readonly"
chmod 555 "$www/files/readonly"
capture -f 'tcp port 80' -i any -f 'tcp port 8081'

named='<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/></prop></propfind>'
propfind http://dav.example/files/ 1 "$named"
propfind http://dav.example:8081/files/ 1 "$named"
dav DELETE http://dav.example/files/readonly/
propfind http://dav.example:8081/files/a.txt 0 "$named"
