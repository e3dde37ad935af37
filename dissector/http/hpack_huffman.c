/* Coded bytes in, text out. The code of Appendix B is canonical: codes of one length are
 * consecutive numbers in the order of their symbols, and the first of a length follows from the
 * last of the length before. So the lengths alone are the whole table, and a code is found by the
 * first length at which it is small enough. */
#include "dissector/http/hpack_huffman.h"

enum { N_SYMBOLS = 257, EOS = 256, MIN_CODE_BITS = 5, MAX_CODE_BITS = 30 };

/* How many codes there are of each length in bits. */
static const uint8_t n_codes[MAX_CODE_BITS + 1] = {
    0, 0, 0, 0, 0, 10, 26, 32, 6,  0, 5,  3,  2,  6, 2, 3,
    0, 0, 0, 3, 8, 13, 26, 29, 12, 4, 15, 19, 29, 0, 4,
};

/* The symbols, ordered by the length of their codes, then by value. */
static const uint16_t symbols[N_SYMBOLS] = {
    48,  49,  50,  97,  99,  101, 105, 111, 115, 116, 32,  37,  45,  46,  47,  51,  52,  53,  54,
    55,  56,  57,  61,  65,  95,  98,  100, 102, 103, 104, 108, 109, 110, 112, 114, 117, 58,  66,
    67,  68,  69,  70,  71,  72,  73,  74,  75,  76,  77,  78,  79,  80,  81,  82,  83,  84,  85,
    86,  87,  89,  106, 107, 113, 118, 119, 120, 121, 122, 38,  42,  44,  59,  88,  90,  33,  34,
    40,  41,  63,  39,  43,  124, 35,  62,  0,   36,  64,  91,  93,  126, 94,  125, 60,  96,  123,
    92,  195, 208, 128, 130, 131, 162, 184, 194, 224, 226, 153, 161, 167, 172, 176, 177, 179, 209,
    216, 217, 227, 229, 230, 129, 132, 133, 134, 136, 146, 154, 156, 160, 163, 164, 169, 170, 173,
    178, 181, 185, 186, 187, 189, 190, 196, 198, 228, 232, 233, 1,   135, 137, 138, 139, 140, 141,
    143, 147, 149, 150, 151, 152, 155, 157, 158, 165, 166, 168, 174, 175, 180, 182, 183, 188, 191,
    197, 231, 239, 9,   142, 144, 145, 148, 159, 171, 206, 215, 225, 236, 237, 199, 207, 234, 235,
    192, 193, 200, 201, 202, 205, 210, 213, 218, 219, 238, 240, 242, 243, 255, 203, 204, 211, 212,
    214, 221, 222, 223, 241, 244, 245, 246, 247, 248, 250, 251, 252, 253, 254, 2,   3,   4,   5,
    6,   7,   8,   11,  12,  14,  15,  16,  17,  18,  19,  20,  21,  23,  24,  25,  26,  27,  28,
    29,  30,  31,  127, 220, 249, 10,  13,  22,  256,
};

/* Bits not decoded yet: the n_bits lowest of window. */
struct bits {
    struct span left;
    uint64_t window;
    unsigned n_bits;
};

static void refill(struct bits *bits)
{
    while (bits->n_bits < MAX_CODE_BITS && bits->left.len > 0) {
        bits->window = bits->window << 8 | bits->left.ptr[0];
        bits->left = span_after(bits->left, 1);
        bits->n_bits += 8;
    }
}

static uint32_t peek(const struct bits *bits, unsigned n)
{
    return (uint32_t)(bits->window >> (bits->n_bits - n)) & ((UINT32_C(1) << n) - 1);
}

/* The next symbol, or N_SYMBOLS when the bits that are left are not a whole code. */
static unsigned take_symbol(struct bits *bits)
{
    unsigned first_code = 0, first_symbol = 0;
    refill(bits);
    for (unsigned n = MIN_CODE_BITS; n <= MAX_CODE_BITS && n <= bits->n_bits; n++) {
        unsigned code = peek(bits, n);
        if (code - first_code < n_codes[n]) {
            bits->n_bits -= n;
            return symbols[first_symbol + code - first_code];
        }
        first_code = (first_code + n_codes[n]) << 1;
        first_symbol += n_codes[n];
    }
    return N_SYMBOLS;
}

/* What is left must be the beginning of EOS, which is all ones. */
static bool is_padding(const struct bits *bits)
{
    unsigned n = bits->n_bits;
    return n == 0 || (n < 8 && peek(bits, n) == (UINT32_C(1) << n) - 1);
}

bool hpack_huffman_decode(struct span coded, uint8_t *out, size_t max_bytes, size_t *len)
{
    struct bits bits = {.left = coded};
    size_t n = 0;
    unsigned symbol;
    while ((symbol = take_symbol(&bits)) < EOS) {
        if (n < max_bytes)
            out[n] = (uint8_t)symbol;
        n++;
    }
    if (symbol == EOS || bits.left.len > 0 || !is_padding(&bits))
        return false;
    *len = n;
    return true;
}
