# Bodies as they come in the wild: both shapes in one response, several hrefs, no status, odd status
# lines, a nested response, a wrapper root, undeclared prefixes, an unescaped &, an entity, and 207s that
# are no multistatus: JSON, a login page, text, nothing.
. scenarios/played.inc
reply_207 <<'XML'
 <d:response><d:href>/w/both.txt</d:href><d:propstat><d:prop/><d:status>HTTP/1.1 418 I'm a teapot</d:status></d:propstat><d:status>HTTP/1.1 404 Not Found</d:status></d:response>
 <d:response><d:href>/w/one.txt</d:href><d:href>/w/two.txt</d:href><d:href>/w/three.txt</d:href><d:status>HTTP/1.1 423 Locked</d:status><d:error><d:lock-token-submitted><d:href>/w/one.txt</d:href></d:lock-token-submitted></d:error><d:responsedescription>Somebody else has <b xmlns="http://www.w3.org/1999/xhtml">all three</b> open.</d:responsedescription></d:response>
 <d:response><d:href>/w/only-href.txt</d:href></d:response>
 <d:response><d:href>/w/no-status.txt</d:href><d:propstat><d:prop><d:getetag>"1"</d:getetag></d:prop></d:propstat></d:response>
 <d:response><d:propstat><d:prop><d:getetag>"2"</d:getetag></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>
 <d:response><d:href>
   /w/white space.txt
 </d:href><d:status> HTTP/2 200
 </d:status></d:response>
 <d:response><d:href>/w/bare.txt</d:href><d:status>200 OK</d:status></d:response>
 <d:response><d:href>/w/empty-status.txt</d:href><d:status/></d:response>
 <d:response><d:href>/w/word.txt</d:href><d:status>fine</d:status></d:response>
 <d:response><d:href>/w/moved.txt</d:href><d:status>HTTP/1.1 301 Moved Permanently</d:status><d:location><d:href>/w/new.txt</d:href></d:location></d:response>
 <d:response><d:href>/w/early.txt</d:href><d:propstat><d:prop><d:getetag/></d:prop><d:status>HTTP/1.1 425 TOO EARLY</d:status></d:propstat></d:response>
 <d:response><d:href>/w/twice.txt</d:href><d:status>HTTP/1.1 200 OK</d:status></d:response>
 <d:response><d:href>/w/twice.txt</d:href><d:status>HTTP/1.1 403 Forbidden</d:status></d:response>
 <d:response><d:href>/w/outer.txt</d:href><d:propstat><d:prop><d:version-history><d:response><d:href>/w/inner.txt</d:href><d:status>HTTP/1.1 500 Not Mine</d:status></d:response></d:version-history></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>
 <d:response><d:href><![CDATA[/w/cdata & more.txt]]></d:href><d:status>HTTP/1.1 <!-- comment -->200 OK</d:status></d:response>
 <d:responsedescription>The whole is more than its parts.</d:responsedescription>
XML
xml='Content-Type: application/xml'
ok='HTTP/1.1 207 Multi-Status'
reply "$ok" "$xml" <<'XML'
<xml><multistatus xmlns="DAV:"><response><href>/w/wrapped.txt</href><status>HTTP/1.1 200 OK</status></response></multistatus></xml>
XML
reply "$ok" "$xml" <<'XML'
<D:multistatus xmlns:D="DAV:"><D:response><D:href>/w/undeclared.txt</D:href><D:propstat><D:prop><DAV:displayname/></D:prop><D:status>HTTP/1.1 403 Forbidden</D:status></D:propstat><D:propstat><D:prop><oc:id>7</oc:id></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>
XML
reply "$ok" "$xml" <<'XML'
<D:multistatus xmlns:D="DAV:"><D:response><D:href>/w/fine.txt</D:href><D:status>HTTP/1.1 200 OK</D:status></D:response><D:response><D:href>/w/this & that.txt</D:href><D:status>HTTP/1.1 200 OK</D:status></D:response><D:response><D:href>/w/after.txt</D:href><D:status>HTTP/1.1 403 Forbidden</D:status></D:response></D:multistatus>
XML
reply "$ok" "$xml" <<'XML'
<!DOCTYPE D:multistatus [<!ENTITY secret SYSTEM "file:///etc/hostname"><!ENTITY lol "lol">]>
<D:multistatus xmlns:D="DAV:"><D:response><D:href>/w/&lol;.txt</D:href><D:status>HTTP/1.1 200 OK</D:status></D:response></D:multistatus>
XML
reply "$ok" "$xml" <<'XML'
<D:multistatus xmlns:D="DAV:"><D:response><D:href>/w/first.txt</D:href><D:status>HTTP/1.1 200 OK</D:status></D:response><D:response><D:href>/w/second
XML
reply "$ok" 'Content-Type: application/json' <<<'[{"eid":"1","publishing_status":"submitted"},{"eid":"2","publishing_status":"failed","step":"validating","detail":"no such field"},{"eid":"3","publishing_status":"aborted"}]'
reply "$ok" 'Content-Type: text/html; charset=utf-8' <<<'<!DOCTYPE html><html><head><title>Sign in</title></head><body><form action="/login"><input name="user"></form><br></body></html>'
reply "$ok" 'Content-Type: text/plain' <<<'multistatus: out of order'
reply "$ok" </dev/null
reply 'HTTP/1.1 200 OK' "$xml" <<'XML'
<multistatus xmlns="DAV:"><response><href>/w/in-200.txt</href><propstat><prop><getetag>"3"</getetag></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>
XML
reply "$ok" "$xml" <<'XML'
<D:multistatus xmlns:D="DAV:"><D:response><D:href>/w/none.txt</D:href><D:propstat><D:prop/><D:status>HTTP/0.0 404 Not Found</D:status></D:propstat></D:response></D:multistatus>
XML
played_server
capture

for _ in $(seq 6); do propfind $url/w/ 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><allprop/></propfind>'; done
dav POST $url/events -H 'Content-Type: application/json' --data-binary '[{"eid":"1"},{"eid":"2"},{"eid":"3"}]'
propfind $url/w/ 1 ''
dav DELETE $url/w/x
dav MOVE $url/w/y -H "Destination: $url/w/z"
propfind $url/w/in-200.txt 0 ''
propfind $url/w/none.txt 0 '<?xml version="1.0"?><propfind xmlns="DAV:"><allprop/></propfind>'
