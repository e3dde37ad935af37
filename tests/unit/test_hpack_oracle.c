/* hpack against nghttp2: random fields, deflated by nghttp2 while table sizes change, must come out
 * as they went in, but for white space at the ends of values. And where blocks were missed: so, or
 * unknown, never otherwise. */
#include "dissector/http/hpack.h"

#include "dissector/http/hpack_static.h"

#include <nghttp2/nghttp2.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum {
    N_CONNECTIONS = 80,
    N_BLOCKS = 60,
    MAX_FIELDS = 12,
    N_NAMES = HPACK_STATIC_N + 20,
    N_VALUES = 40,
    MAX_NAME_BYTES = 32,
    MAX_VALUE_BYTES = 200,
    MAX_BLOCK_BYTES = 1 << 16,
};

static uint32_t below(uint64_t *state, uint32_t n)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33) % n;
}

static bool keep_all(struct span name)
{
    (void)name;
    return true;
}

/* Names and values to choose from, so that they repeat as in real heads. */
struct words {
    char name[N_NAMES][MAX_NAME_BYTES];
    uint8_t value[N_VALUES][MAX_VALUE_BYTES];
    size_t value_len[N_VALUES];
};

static void make_words(struct words *words, uint64_t *state)
{
    for (uint32_t i = 0; i < N_NAMES; i++)
        if (i < HPACK_STATIC_N)
            snprintf(words->name[i], MAX_NAME_BYTES, "%s", hpack_static[i].name);
        else
            words->name[i][0] = (char)('a' + i - HPACK_STATIC_N);
    for (uint32_t i = 0; i < N_VALUES; i++) {
        bool is_text = below(state, 4) > 0;
        words->value_len[i] = below(state, below(state, MAX_VALUE_BYTES) + 1);
        for (size_t j = 0; j < words->value_len[i]; j++)
            words->value[i][j] = (uint8_t)(is_text ? ' ' + below(state, 95) : below(state, 256));
    }
}

static size_t choose_fields(struct words *words, uint64_t *state, nghttp2_nv fields[MAX_FIELDS])
{
    size_t n = below(state, MAX_FIELDS + 1);
    for (size_t i = 0; i < n; i++) {
        char *name = words->name[below(state, N_NAMES)];
        uint32_t value = below(state, N_VALUES);
        bool is_secret = below(state, 8) == 0;
        fields[i] = (nghttp2_nv){
            .name = (uint8_t *)name,
            .namelen = strlen(name),
            .value = words->value[value],
            .valuelen = words->value_len[value],
            .flags = is_secret ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE,
        };
    }
    return n;
}

static void expect_field(const struct hpack_field *field, const nghttp2_nv *sent, bool is_all_known)
{
    if (is_all_known || field->name.ptr)
        assert_true(span_equal(field->name, span_of(sent->name, sent->namelen)));
    if (is_all_known || field->value.ptr)
        assert_true(span_equal(field->value, span_trim(span_of(sent->value, sent->valuelen))));
}

static void expect_block(struct hpack *hpack, struct span block, const nghttp2_nv *sent, size_t n,
                         bool is_all_known)
{
    struct hpack_field field;
    hpack_begin(hpack, block);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(hpack_next(hpack, &field), HPACK_FIELD);
        expect_field(&field, &sent[i], is_all_known);
    }
    assert_int_equal(hpack_next(hpack, &field), HPACK_END);
    assert_null(hpack_problem(hpack));
}

/* One connection's worth of blocks; of each loss_in one is not shown to us (0: none). */
static void play(uint64_t seed, uint32_t loss_in)
{
    static struct words words;
    static uint8_t room[MAX_BLOCK_BYTES];
    const struct hpack_params params = {
        .max_table_bytes = 65536, .max_value_bytes = MAX_VALUE_BYTES, .keeps = keep_all};
    uint64_t state = seed;
    nghttp2_hd_deflater *deflater;
    struct hpack hpack;
    make_words(&words, &state);
    assert_int_equal(nghttp2_hd_deflate_new(&deflater, 65536), 0);
    hpack_init(&hpack, &params);
    hpack_allow(&hpack, 65536);
    bool has_lost = false;
    for (int i = 0; i < N_BLOCKS; i++) {
        nghttp2_nv fields[MAX_FIELDS];
        size_t n = choose_fields(&words, &state, fields);
        if (below(&state, 10) == 0)
            nghttp2_hd_deflate_change_table_size(deflater, below(&state, 4) * below(&state, 2000));
        ssize_t len = nghttp2_hd_deflate_hd(deflater, room, sizeof room, fields, n);
        assert_true(len >= 0);
        if (loss_in && below(&state, loss_in) == 0) {
            hpack_forget(&hpack);
            has_lost = true;
        } else {
            expect_block(&hpack, span_of(room, (size_t)len), fields, n, !has_lost);
        }
    }
    nghttp2_hd_deflate_del(deflater);
    hpack_free(&hpack);
}

static void random_fields_come_out_as_they_went_in(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= N_CONNECTIONS; seed++)
        play(seed, 0);
}

static void after_a_loss_fields_are_right_or_unknown(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= N_CONNECTIONS; seed++)
        play(seed, 1 + (uint32_t)seed % 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_fields_come_out_as_they_went_in),
        cmocka_unit_test(after_a_loss_fields_are_right_or_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
