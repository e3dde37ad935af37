# The same over IPv6, with nanoseconds: a listing, a refused DELETE, a refused PROPPATCH.
mkdir -p "$www/tree/readonly"
for n in $(seq 30); do echo "file $n" >"$www/tree/file-$n.txt"; done
echo text >"$www/tree/readonly/kept.txt"
apache
chown root "$www/tree/readonly"
chmod 555 "$www/tree/readonly"
capture --time-stamp-precision=nano

url=http://dav6.example/tree/
propfind $url 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><allprop/></propfind>' -6
dav_xml PROPPATCH ${url}file-1.txt '<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:getlastmodified>x</D:getlastmodified></D:prop></D:set></D:propertyupdate>' -6
dav DELETE $url -6
propfind "http://[2001:db8::80]/tree/" 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><propname/></propfind>'
