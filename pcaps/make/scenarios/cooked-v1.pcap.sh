# The same link as an older tcpdump wrote it (Linux cooked v1).
mkdir -p "$www/files"
echo text >"$www/files/a.txt"
apache
capture -i any -y LINUX_SLL

propfind http://dav.example/files/ 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><allprop/></propfind>'
dav_xml PROPPATCH http://dav.example/files/a.txt '<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:"><D:remove><D:prop><D:getetag/></D:prop></D:remove></D:propertyupdate>'
