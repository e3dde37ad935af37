# PROPPATCH with a property nobody may set: everything is refused, the innocent ones with 424. Then one
# that is taken, one with a removal, one of a locked file.
echo text >"$www/a.txt"
apache
capture

url=http://dav.example/a.txt
update() # ELEMENTS
{
    dav_xml PROPPATCH $url "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<D:propertyupdate xmlns:D=\"DAV:\" xmlns:Z=\"http://ns.example/z/\">$1</D:propertyupdate>"
}
update '<D:set><D:prop><Z:author>Ann</Z:author><Z:rating>5</Z:rating></D:prop></D:set><D:set><D:prop><D:getetag>"mine"</D:getetag></D:prop></D:set>'
update '<D:set><D:prop><Z:author>Ann</Z:author><Z:rating>5</Z:rating></D:prop></D:set>'
update '<D:set><D:prop><Z:author>Bo</Z:author></D:prop></D:set><D:remove><D:prop><Z:rating/></D:prop></D:remove>'
update '<D:remove><D:prop><D:getcontentlength/></D:prop></D:remove><D:set><D:prop><Z:colour>blue</Z:colour></D:prop></D:set>'
lock $url >/dev/null
update '<D:set><D:prop><Z:author>Cy</Z:author></D:prop></D:set>'
propfind $url 0 '<?xml version="1.0"?><D:propfind xmlns:D="DAV:" xmlns:Z="http://ns.example/z/"><D:prop><Z:author/><Z:rating/><Z:colour/></D:prop></D:propfind>'
