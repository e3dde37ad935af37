/* The table of cipher suites, grouped by what matters for records: how keys are agreed upon, and by
 * what they are signed, does not. */
#include "dissector/tls/suite.h"

enum { MAX_NUMBERS = 20 };

struct row {
    struct suite suite;
    uint16_t numbers[MAX_NUMBERS]; /* 0 behind the last */
};

static const struct row rows[] = {
    {{SUITE_AES_GCM, 16, 16, 0, SUITE_SHA256, true}, {0x1301}},
    {{SUITE_AES_GCM, 32, 16, 0, SUITE_SHA384, true}, {0x1302}},
    {{SUITE_CHACHA20, 32, 16, 0, SUITE_SHA256, true}, {0x1303}},
    {{SUITE_AES_CCM, 16, 16, 0, SUITE_SHA256, true}, {0x1304}},
    {{SUITE_AES_CCM, 16, 8, 0, SUITE_SHA256, true}, {0x1305}},
    {{SUITE_AES_GCM, 16, 16, 0, SUITE_SHA256, false},
     {0x009c, 0x009e, 0x00a0, 0x00a2, 0x00a4, 0x00a6, 0x00a8, 0x00aa, 0x00ac, 0xc02b, 0xc02d,
      0xc02f, 0xc031, 0xd001}},
    {{SUITE_AES_GCM, 32, 16, 0, SUITE_SHA384, false},
     {0x009d, 0x009f, 0x00a1, 0x00a3, 0x00a5, 0x00a7, 0x00a9, 0x00ab, 0x00ad, 0xc02c, 0xc02e,
      0xc030, 0xc032, 0xd002}},
    {{SUITE_CHACHA20, 32, 16, 0, SUITE_SHA256, false},
     {0xcca8, 0xcca9, 0xccaa, 0xccab, 0xccac, 0xccad, 0xccae}},
    {{SUITE_AES_CCM, 16, 16, 0, SUITE_SHA256, false},
     {0xc09c, 0xc09e, 0xc0a4, 0xc0a6, 0xc0ac, 0xd005}},
    {{SUITE_AES_CCM, 32, 16, 0, SUITE_SHA256, false}, {0xc09d, 0xc09f, 0xc0a5, 0xc0a7, 0xc0ad}},
    {{SUITE_AES_CCM, 16, 8, 0, SUITE_SHA256, false},
     {0xc0a0, 0xc0a2, 0xc0a8, 0xc0aa, 0xc0ae, 0xd003}},
    {{SUITE_AES_CCM, 32, 8, 0, SUITE_SHA256, false}, {0xc0a1, 0xc0a3, 0xc0a9, 0xc0ab, 0xc0af}},
    {{SUITE_AES_CBC, 16, 0, SUITE_SHA1, SUITE_SHA256, false},
     {0x002f, 0x0030, 0x0031, 0x0032, 0x0033, 0x0034, 0x008c, 0x0090, 0x0094, 0xc004, 0xc009,
      0xc00e, 0xc013, 0xc018, 0xc01d, 0xc01e, 0xc01f, 0xc035}},
    {{SUITE_AES_CBC, 32, 0, SUITE_SHA1, SUITE_SHA256, false},
     {0x0035, 0x0036, 0x0037, 0x0038, 0x0039, 0x003a, 0x008d, 0x0091, 0x0095, 0xc005, 0xc00a,
      0xc00f, 0xc014, 0xc019, 0xc020, 0xc021, 0xc022, 0xc036}},
    {{SUITE_AES_CBC, 16, 0, SUITE_SHA256, SUITE_SHA256, false},
     {0x003c, 0x003e, 0x003f, 0x0040, 0x0067, 0x006c, 0x00ae, 0x00b2, 0x00b6, 0xc023, 0xc025,
      0xc027, 0xc029, 0xc037}},
    {{SUITE_AES_CBC, 32, 0, SUITE_SHA256, SUITE_SHA256, false},
     {0x003d, 0x0068, 0x0069, 0x006a, 0x006b, 0x006d}},
    {{SUITE_AES_CBC, 32, 0, SUITE_SHA384, SUITE_SHA384, false},
     {0x00af, 0x00b3, 0x00b7, 0xc024, 0xc026, 0xc028, 0xc02a, 0xc038}},
    {{SUITE_3DES_CBC, 24, 0, SUITE_SHA1, SUITE_SHA256, false},
     {0x000a, 0x000d, 0x0010, 0x0013, 0x0016, 0x001b, 0x008b, 0x008f, 0x0093, 0xc003, 0xc008,
      0xc00d, 0xc012, 0xc017, 0xc01a, 0xc01b, 0xc01c, 0xc034}},
};

enum { N_ROWS = sizeof rows / sizeof *rows };

const struct suite *suite_find(uint16_t number)
{
    for (size_t i = 0; number != 0 && i < N_ROWS; i++)
        for (size_t k = 0; k < MAX_NUMBERS && rows[i].numbers[k] != 0; k++)
            if (rows[i].numbers[k] == number)
                return &rows[i].suite;
    return NULL;
}

const struct suite *suite_tls13_at(size_t i)
{
    return i < N_ROWS && rows[i].suite.is_tls13 ? &rows[i].suite : NULL;
}

bool suite_is_aead(const struct suite *suite)
{
    return suite->cipher < SUITE_AES_CBC;
}

size_t suite_hash_bytes(enum suite_hash hash)
{
    static const uint8_t bytes[] = {
        [SUITE_MD5_SHA1] = 36, [SUITE_SHA1] = 20, [SUITE_SHA256] = 32, [SUITE_SHA384] = 48};
    return bytes[hash];
}

size_t suite_block_bytes(const struct suite *suite)
{
    return suite->cipher == SUITE_3DES_CBC ? 8 : 16;
}
