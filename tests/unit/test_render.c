/* Every renderer on every scene (tests/support/scene.c), compared with render/SCENE.RENDERER beside
 * this file. DAVSCOPE_UPDATE=1 in the environment writes these files anew: read the difference. */
#include "tests/support/scene.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { PATH_BYTES = 1024 };

static void expected_path(char out[PATH_BYTES], const char *scene, const char *renderer)
{
    (void)snprintf(out, PATH_BYTES, RENDER_FOLDER "/%s.%s", scene, renderer);
}

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("no %s", path);
    enum { TEXT_BYTES = 1 << 20 };
    char *text = malloc(TEXT_BYTES);
    size_t n = fread(text, 1, TEXT_BYTES - 1, file);
    text[n] = '\0';
    (void)fclose(file);
    return text;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static const char *render(struct output_run *run, const struct scene *scene, const char *renderer)
{
    output_run_init(run, renderer);
    if (scene->prepare)
        scene->prepare(run);
    output_run_open(run);
    if (scene->send)
        scene->send(output_sink(run->output));
    return output_run_finish(run);
}

static void check_scenes(const char *renderer)
{
    for (size_t i = 0; scene_at(i); i++) {
        struct output_run run;
        char path[PATH_BYTES];
        expected_path(path, scene_at(i)->name, renderer);
        const char *text = render(&run, scene_at(i), renderer);
        if (getenv("DAVSCOPE_UPDATE"))
            write_text(path, text);
        char *expected = read_text(path);
        if (strcmp(expected, text) != 0)
            print_error("differs from %s\n", path);
        assert_string_equal(text, expected);
        free(expected);
        output_run_free(&run);
    }
}

static void summary_says_every_scene_as_expected(void **state)
{
    (void)state;
    check_scenes("summary");
}

static void lines_say_every_scene_as_expected(void **state)
{
    (void)state;
    check_scenes("lines");
}

static void json_says_every_scene_as_expected(void **state)
{
    (void)state;
    check_scenes("json");
}

static void csv_says_every_scene_as_expected(void **state)
{
    (void)state;
    check_scenes("csv");
}

/* Whatever renderers there are: nothing of the hostile scene reaches a terminal or a log raw. */
static void no_renderer_lets_hostile_bytes_or_credentials_through(void **state)
{
    (void)state;
    for (size_t r = 0; renderer_at(r); r++) {
        for (size_t i = 0; scene_at(i); i++) {
            struct output_run run;
            const char *text = render(&run, scene_at(i), renderer_at(r)->name);
            for (const char *c = text; *c; c++)
                assert_true(((unsigned char)*c >= 0x20 && *c != 0x7F) || *c == '\n' || *c == '\r');
            static const char *const banned[] = {"\xC2\x9B", "\xE2\x80\xAE", "\xFF",
                                                 "hunter2",  "user:pass",    "u:p@"};
            for (size_t b = 0; b < sizeof banned / sizeof *banned; b++)
                assert_null(strstr(text, banned[b]));
            output_run_free(&run);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(summary_says_every_scene_as_expected),
        cmocka_unit_test(lines_say_every_scene_as_expected),
        cmocka_unit_test(json_says_every_scene_as_expected),
        cmocka_unit_test(csv_says_every_scene_as_expected),
        cmocka_unit_test(no_renderer_lets_hostile_bytes_or_credentials_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
