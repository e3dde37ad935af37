/* QUIC connections told by the server they are for. The datagrams are files of the fuzz corpus. */
#include "dissector/tls/crypt.h"
#include "tests/support/alloc.h"
#include "tests/support/quic_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { MAX_FILE_BYTES = 4096 };

static uint8_t file_bytes[MAX_FILE_BYTES];
static struct quic_play play;
static struct limits limits;

static struct span load(const char *name)
{
    char path[1024];
    (void)snprintf(path, sizeof path, QUIC_CORPUS "/%s", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct span all = span_of(file_bytes, fread(file_bytes, 1, sizeof file_bytes, file));
    (void)fclose(file);
    return all;
}

static int open_play(void **state)
{
    (void)state;
    limits = limits_default;
    quic_play_open(&play, &limits);
    return 0;
}

static int close_play(void **state)
{
    (void)state;
    quic_free(&play.quic);
    assert_int_equal(quic_buffered_bytes(&play.quic), 0);
    return 0;
}

static void play_file(const char *name)
{
    assert_int_equal(quic_play_steps(&play, load(name)), FEED_OK);
}

/* Told once, right away, from the client to the server; the name only where it can be read. */
static void assert_told_at_once(const char *server_name)
{
    if (!crypt_is_built_in())
        quic_finish(&play.quic, &play.origin);
    assert_int_equal(play.n_told, 1);
    assert_int_equal(play.stats.n_quic_connections, 1);
    assert_int_equal(play.told[0].number, 1);
    assert_int_equal(play.told[0].server.port, QUIC_PLAY_SERVER_PORT);
    assert_int_equal(play.told[0].client.port, QUIC_PLAY_CLIENT_PORT);
    assert_string_equal(play.told[0].server_name, crypt_is_built_in() ? server_name : "");
}

static void assert_told_without_name(size_t n)
{
    assert_int_equal(play.n_told, 0);
    quic_play_end(&play);
    assert_int_equal(play.n_told, n);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(play.told[i].server_name, "");
        assert_int_equal(play.told[i].server.port, QUIC_PLAY_SERVER_PORT);
    }
}

static void the_client_initial_of_rfc_9001_appendix_a_names_its_server(void **state)
{
    (void)state;
    play_file("rfc9001-a2");
    assert_told_at_once("example.com");
}

static void the_client_initial_of_rfc_9369_appendix_a_names_its_server(void **state)
{
    (void)state;
    play_file("rfc9369-a2");
    assert_told_at_once("example.com");
}

static void pieces_of_a_hello_are_joined_whatever_their_order_and_packet(void **state)
{
    static const char *const files[] = {"pieces", "twice", "coalesced"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        close_play(state);
        open_play(state);
        play_file(files[i]);
        assert_told_at_once("dav.example.org");
    }
}

static void the_client_is_who_sent_the_hello_also_behind_the_servers_packet(void **state)
{
    (void)state;
    play_file("server-first");
    assert_told_at_once("dav.example.org");
}

static void a_retry_brings_other_keys(void **state)
{
    (void)state;
    play_file("retry");
    assert_told_at_once("dav.example.org");
}

static void the_first_keys_hold_when_the_connection_id_changes(void **state)
{
    (void)state;
    play_file("new-id");
    assert_told_at_once("dav.example.org");
}

static void what_comes_behind_the_hello_is_not_counted_again(void **state)
{
    (void)state;
    play_file("pieces");
    play_file("handshake-only");
    play_file("pieces");
    assert_told_at_once("dav.example.org");
}

static void without_a_hello_a_connection_is_told_at_the_end_without_a_name(void **state)
{
    (void)state;
    play_file("handshake-only");
    assert_told_without_name(1);
}

static void what_is_no_client_hello_names_no_server(void **state)
{
    (void)state;
    play_file("not-a-hello");
    assert_told_without_name(1);
}

static void a_frame_that_may_not_stand_in_an_initial_ends_it(void **state)
{
    (void)state;
    play_file("other-frame");
    assert_told_without_name(1);
}

static void what_the_snap_length_cut_is_still_a_connection(void **state)
{
    (void)state;
    play_file("cut");
    assert_told_without_name(1);
}

static void short_headers_other_versions_and_long_ids_are_not_quic(void **state)
{
    (void)state;
    play_file("nothing");
    assert_told_without_name(0);
}

static void a_connection_that_was_idle_is_told_and_forgotten(void **state)
{
    (void)state;
    play_file("idle");
    assert_int_equal(play.n_told, 2);
    assert_int_equal(play.told[0].number, 1);
    assert_int_equal(play.told[1].number, 2);
}

static void a_hello_beyond_max_quic_hello_bytes_is_not_read(void **state)
{
    (void)state;
    limits.max_quic_hello_bytes = 79; /* one less than it has */
    play_file("pieces");
    assert_told_without_name(1);
}

static void a_hello_of_max_quic_hello_bytes_is_read(void **state)
{
    (void)state;
    limits.max_quic_hello_bytes = 80;
    play_file("pieces");
    assert_told_at_once("dav.example.org");
}

static void beyond_max_quic_connections_the_oldest_is_told(void **state)
{
    (void)state;
    limits.max_quic_connections = 2;
    quic_play_open(&play, &limits);
    struct span initial = load("handshake-only");
    initial = span_after(initial, 3);
    for (unsigned client = 0; client < 5; client++) {
        assert_int_equal(quic_play_datagram(&play, false, client, initial), FEED_OK);
        assert_int_equal(play.n_told, client < 2 ? 0 : client - 1);
    }
    assert_int_equal(play.told[2].client.port, QUIC_PLAY_CLIENT_PORT + 2);
    quic_play_end(&play);
    assert_int_equal(play.n_told, 5);
}

static void what_is_kept_of_hellos_is_counted_until_they_are_told(void **state)
{
    (void)state;
    play_file("handshake-only");
    size_t idle_bytes = quic_buffered_bytes(&play.quic);
    struct span first = load("pieces");
    struct span one_step = span_first(first, 3 + (size_t)(first.ptr[1] << 8 | first.ptr[2]));
    assert_int_equal(quic_play_steps(&play, one_step), FEED_OK);
    if (crypt_is_built_in())
        assert_int_equal(quic_buffered_bytes(&play.quic),
                         idle_bytes + 2 * limits.max_quic_hello_bytes);
    play_file("pieces");
    assert_int_equal(quic_buffered_bytes(&play.quic), idle_bytes);
}

static void no_changed_bit_names_another_server(void **state)
{
    (void)state;
    struct span whole = load("coalesced");
    for (size_t at = 3; at < whole.len; at++) {
        quic_play_open(&play, &limits);
        file_bytes[at] ^= 0x10;
        assert_int_equal(quic_play_steps(&play, whole), FEED_OK);
        file_bytes[at] ^= 0x10;
        quic_play_end(&play);
        for (size_t i = 0; i < play.n_told; i++)
            if (play.told[i].server_name[0])
                assert_string_equal(play.told[i].server_name, "dav.example.org");
    }
}

static void without_memory_a_connection_is_told_without_a_name_or_refused(void **state)
{
    (void)state;
    struct span steps = load("pieces");
    for (uint64_t nth = 1;; nth++) {
        quic_play_open(&play, &limits);
        alloc_fail_at(nth);
        enum feed answer = quic_play_steps(&play, steps);
        bool has_failed = alloc_has_failed();
        alloc_count(false);
        quic_play_end(&play);
        assert_true(answer == FEED_NOMEM || play.n_told == 1);
        if (!has_failed)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_client_initial_of_rfc_9001_appendix_a_names_its_server,
                                        open_play, close_play),
        cmocka_unit_test_setup_teardown(the_client_initial_of_rfc_9369_appendix_a_names_its_server,
                                        open_play, close_play),
        cmocka_unit_test_setup_teardown(
            pieces_of_a_hello_are_joined_whatever_their_order_and_packet, open_play, close_play),
        cmocka_unit_test_setup_teardown(
            the_client_is_who_sent_the_hello_also_behind_the_servers_packet, open_play, close_play),
        cmocka_unit_test_setup_teardown(a_retry_brings_other_keys, open_play, close_play),
        cmocka_unit_test_setup_teardown(the_first_keys_hold_when_the_connection_id_changes,
                                        open_play, close_play),
        cmocka_unit_test_setup_teardown(what_comes_behind_the_hello_is_not_counted_again, open_play,
                                        close_play),
        cmocka_unit_test_setup_teardown(
            without_a_hello_a_connection_is_told_at_the_end_without_a_name, open_play, close_play),
        cmocka_unit_test_setup_teardown(what_is_no_client_hello_names_no_server, open_play,
                                        close_play),
        cmocka_unit_test_setup_teardown(a_frame_that_may_not_stand_in_an_initial_ends_it, open_play,
                                        close_play),
        cmocka_unit_test_setup_teardown(what_the_snap_length_cut_is_still_a_connection, open_play,
                                        close_play),
        cmocka_unit_test_setup_teardown(short_headers_other_versions_and_long_ids_are_not_quic,
                                        open_play, close_play),
        cmocka_unit_test_setup_teardown(a_connection_that_was_idle_is_told_and_forgotten, open_play,
                                        close_play),
        cmocka_unit_test_setup_teardown(a_hello_beyond_max_quic_hello_bytes_is_not_read, open_play,
                                        close_play),
        cmocka_unit_test_setup_teardown(a_hello_of_max_quic_hello_bytes_is_read, open_play,
                                        close_play),
        cmocka_unit_test_setup_teardown(beyond_max_quic_connections_the_oldest_is_told, open_play,
                                        close_play),
        cmocka_unit_test_setup_teardown(what_is_kept_of_hellos_is_counted_until_they_are_told,
                                        open_play, close_play),
        cmocka_unit_test_setup_teardown(no_changed_bit_names_another_server, open_play, close_play),
        cmocka_unit_test_setup_teardown(
            without_memory_a_connection_is_told_without_a_name_or_refused, open_play, close_play),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
