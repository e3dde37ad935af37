# A file manager that makes three folders in one request, of which one is there already. WebDAV has no such
# request of its own; file services that batch (here a POST to the parent) answer it with one 207.
. scenarios/played.inc
made()
{
    printf ' <d:response><d:href>/share/%s/</d:href><d:status>HTTP/1.1 %s</d:status>%s</d:response>\n' "$@"
}
{
    made Photos%202026 '201 Created' ''
    made Invoices%202026 '405 Method Not Allowed' \
        '<d:error><d:resource-must-be-null/></d:error><d:responsedescription>The folder is there already.</d:responsedescription>'
    made Tax%20%26%20Travel '201 Created' ''
} | reply_207
played_server
capture

dav_xml POST $url/share/ '<?xml version="1.0" encoding="utf-8"?>
<b:batch xmlns:b="urn:example:batch" xmlns:d="DAV:"><b:mkcol><d:href>/share/Photos%202026/</d:href><d:href>/share/Invoices%202026/</d:href><d:href>/share/Tax%20%26%20Travel/</d:href></b:mkcol></b:batch>' \
    -A 'FileManager/3.0'
