# Results that are no XML: what web services answer to batches, in JSON and multipart, under 207 and
# under 200. The bodies have the shapes that the services document.
. scenarios/played.inc
json='Content-Type: application/json'
multi='HTTP/1.1 207 Multi-Status'

# an event bus: three events, one refused
reply "$multi" "$json" <<'JSON'
[{"eid":"7a1","publishing_status":"submitted","step":"publishing","detail":""},{"eid":"7a2","publishing_status":"failed","step":"validating","detail":"#/amount: expected a number"},{"eid":"7a3","publishing_status":"aborted","step":"none","detail":""}]
JSON
# the guideline "207 always": all went well
reply "$multi" "$json" <<'JSON'
{"items":[{"id":"order-1","status":201,"description":"created"},{"id":"order-2","status":"201 Created"}]}
JSON
# a CRM: what is in results went well, one error for two ids
reply "$multi" "$json" <<'JSON'
{"status":"COMPLETE","results":[{"id":"501","properties":{"email":"ann@example.org"}}],"numErrors":1,"errors":[{"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not find some contacts","context":{"ids":["502","503"]}}]}
JSON
# a help desk: ids and whether they went
reply "$multi" "$json" <<'JSON'
["ERROR_GLPI_PARTIAL_DELETE",[{"16":true,"message":""},{"17":false,"message":"You have no right to delete this item"}]]
JSON
# only failures are listed
reply "$multi" "$json" <<'JSON'
{"multistatus":[{"recordID":"RFMaaa=1","Status":404,"Reason":"Record is missing"}],"info":{"X-RESTfm-Status":207}}
JSON
# a Multi-Status of WebDAV in JSON
reply "$multi" "$json" <<'JSON'
{"multistatus":{"responses":[{"href":"/calendars/ann/work/1.ics","status":200,"prop":{"{DAV:}getetag":"\"a1\""}},{"href":"/calendars/ann/work/2.ics","status":404}],"sync-token":"http://dav.example/ns/sync/8"}}
JSON
# lines
reply "$multi" 'Content-Type: application/x-ndjson' 'X-Framing: chunked 20' <<'JSON'
{"id":"line-1","status":200}
{"id":"line-2","status":429,"error":{"reason":"too many requests"}}
{"id":"line-3","status":200}
JSON
# it breaks off
reply "$multi" "$json" 'X-Framing: cut 70' <<'JSON'
{"items":[{"id":"a","status":200},{"id":"b","status":200},{"id":"c","status":500},{"id":"d","status":200}]}
JSON
# two requests of OData, one of them a change set
reply "$multi" 'Content-Type: multipart/mixed; boundary=batchresponse_5' <<'MIME'
--batchresponse_5
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: 1

HTTP/1.1 200 OK
Content-Type: application/json

{"ID":7,"Name":"Bread"}
--batchresponse_5
Content-Type: multipart/mixed; boundary=changesetresponse_9

--changesetresponse_9
Content-Type: application/http
Content-ID: 2

HTTP/1.1 201 Created
Location: http://dav.example:8080/odata/Products(8)

--changesetresponse_9
Content-Type: application/http
Content-ID: 3

HTTP/1.1 412 Precondition Failed
Content-Type: application/json

{"error":{"code":"etag","message":"The product was changed meanwhile"}}
--changesetresponse_9--
--batchresponse_5--
MIME
# the same idea, as Google's services have it
reply "$multi" 'Content-Type: multipart/mixed; boundary="batch_AAA="' <<'MIME'
--batch_AAA=
Content-Type: application/http
Content-ID: <response-item1>

HTTP/1.1 204 No Content

--batch_AAA=
Content-Type: application/http
Content-ID: <response-item2>

HTTP/1.1 404 Not Found
Content-Type: application/json

{"error":{"code":404,"message":"Not Found"}}
--batch_AAA=--
MIME
# under 200: a bulk upload of files
reply 'HTTP/1.1 200 OK' "$json" <<'JSON'
{"\/Photos\/1.jpg":{"error":false,"etag":"\"c0ffee\""},"\/Photos\/2.jpg":{"error":true,"message":"Insufficient space"}}
JSON
# under 200: a search engine, and a batch of a directory
reply 'HTTP/1.1 200 OK' "$json" <<'JSON'
{"took":30,"errors":true,"items":[{"index":{"_index":"logs","_id":"1","status":201,"result":"created"}},{"create":{"_index":"logs","_id":"2","status":409,"error":{"type":"version_conflict_engine_exception","reason":"[2]: version conflict, document already exists"}}},{"delete":{"_index":"logs","_id":"3","status":404,"result":"not_found"}}]}
JSON
reply 'HTTP/1.1 200 OK' "$json" <<'JSON'
{"responses":[{"id":"1","status":200,"headers":{"Content-Type":"application/json"},"body":{"displayName":"Ann"}},{"id":"2","status":403,"body":{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges"}}},{"id":"3","status":424,"body":{"error":{"code":"FailedDependency","message":"Failed dependency: 2"}}}]}
JSON
# under 200: no results
reply 'HTTP/1.1 200 OK' "$json" <<'JSON'
{"items":[{"id":1,"status":"completed","code":276}]}
JSON
played_server
capture

post() { dav POST "$url$1" -H "Content-Type: ${3:-application/json}" --data-binary "$2"; }

post /event-types/orders/events '[{"eid":"7a1"},{"eid":"7a2"},{"eid":"7a3"}]'
post /orders '[{"sku":1},{"sku":2}]'
post /crm/v3/objects/contacts/batch/read '{"inputs":[{"id":"501"},{"id":"502"},{"id":"503"}]}'
dav DELETE "$url/apirest.php/Computer/" -H "$json" --data-binary '{"input":[{"id":16},{"id":17}]}'
dav DELETE "$url/RESTfm/db/bulk.json" -H "$json" --data-binary '{"data":[{"recordID":"1"},{"recordID":"2"}]}'
dav REPORT "$url/calendars/ann/work/" -H "$json" -H 'Depth: 1' --data-binary '{"match":{"start":"20260101T000000"}}'
post /lines $'{"id":"line-1"}\n{"id":"line-2"}\n{"id":"line-3"}\n' application/x-ndjson
post /orders '[{"sku":1},{"sku":2},{"sku":3},{"sku":4}]' || true
post /odata/\$batch $'--b\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nGET Products(7) HTTP/1.1\r\n\r\n--b--\r\n' 'multipart/mixed; boundary=b'
post /batch/drive/v3 $'--b\r\nContent-Type: application/http\r\nContent-ID: <item1>\r\n\r\nDELETE /drive/v3/files/1\r\n\r\n--b--\r\n' 'multipart/mixed; boundary=b'
post /remote.php/dav/bulk $'--b\r\nX-File-Path: /Photos/1.jpg\r\nContent-Length: 1\r\n\r\nx\r\n--b--\r\n' 'multipart/related; boundary=b'
post /_bulk $'{"index":{"_id":"1"}}\n{"a":1}\n' application/x-ndjson
post /v1.0/\$batch '{"requests":[{"id":"1"},{"id":"2"},{"id":"3"}]}'
post /orders '{"sku":1}'
