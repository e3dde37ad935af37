# One connection for each cipher suite that OpenSSL and Apache agree upon: a PROPPATCH that is refused.
# TLS 1.3 with its five; TLS 1.2 with GCM, CCM, CCM_8, ChaCha20 and CBC, by RSA, DHE, ECDHE and ECDSA;
# CBC again without encrypt-then-MAC and extended master secret; AES and 3DES in TLS 1.0 and 1.1.
mkdir -p "$www"
echo text >"$www/a.txt"
apache_tls
export SSLKEYLOGFILE=$work/keys
: >"$work/client.log"
capture

refused() # URL [curl options]
{
    on_client curl -sS -k "${@:2}" -o /dev/null -X PROPPATCH -H 'Content-Type: application/xml' --data-binary \
        '<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:getetag>x</D:getetag></D:prop></D:set></D:propertyupdate>' \
        $1/a.txt || echo "no answer: ${*:2}" >>"$work/client.log"
}
for suite in TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256 TLS_AES_128_CCM_SHA256 \
    TLS_AES_128_CCM_8_SHA256; do
    refused https://dav.example --tlsv1.3 --tls13-ciphers $suite
done
for suite in AES128-GCM-SHA256 DHE-RSA-AES256-GCM-SHA384 ECDHE-ECDSA-AES128-GCM-SHA256 \
    ECDHE-RSA-AES256-GCM-SHA384 ECDHE-RSA-CHACHA20-POLY1305 AES128-CCM AES256-CCM DHE-RSA-AES128-CCM \
    ECDHE-ECDSA-AES256-CCM AES128-CCM8 DHE-RSA-AES256-CCM8 ECDHE-ECDSA-AES128-CCM8 \
    AES128-SHA AES256-SHA AES128-SHA256 AES256-SHA256 ECDHE-RSA-AES256-SHA384 ECDHE-ECDSA-AES128-SHA256; do
    refused https://dav.example --tlsv1.2 --tls-max 1.2 --ciphers $suite:@SECLEVEL=0
done
for suite in AES128-SHA DHE-RSA-AES256-SHA256 ECDHE-RSA-AES256-SHA384 ECDHE-RSA-AES128-GCM-SHA256; do
    refused https://dav.example:8443 --tlsv1.2 --tls-max 1.2 --ciphers $suite:@SECLEVEL=0
done
for version in 1.0 1.1; do
    refused https://dav.example --tlsv$version --tls-max $version --ciphers AES128-SHA:@SECLEVEL=0
    refused https://dav.example:8443 --tlsv$version --tls-max $version --ciphers ECDHE-RSA-AES256-SHA:@SECLEVEL=0
done
edit_capture() { keep_secrets "$1"; }
