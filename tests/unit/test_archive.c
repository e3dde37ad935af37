/* Files that a run keeps while it goes on. The disk is a double of whole_file_save that hangs, or
 * refuses, when it is told to. */
#include "app/archive.h"
#include "app/whole_file.h"
#include "output/loss.h"
#include "tests/support/no_thread.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct disk {
    pthread_mutex_t lock;
    size_t n_files, n_bytes; /* that it took */
    bool hangs;
    int failure;
    sem_t is_hanging, goes_on;
} disk = {.lock = PTHREAD_MUTEX_INITIALIZER};

int whole_file_save(const char *folder, const char *name, struct span content)
{
    assert_string_equal(folder, "folder");
    assert_string_equal(name, "name");
    if (disk.hangs) {
        (void)sem_post(&disk.is_hanging);
        (void)sem_wait(&disk.goes_on);
    }
    if (disk.failure != 0)
        return disk.failure;
    (void)pthread_mutex_lock(&disk.lock);
    disk.n_files++;
    disk.n_bytes += content.len;
    (void)pthread_mutex_unlock(&disk.lock);
    return 0;
}

static struct archive *archive;

static int open_archive(void **state)
{
    (void)state;
    disk.n_files = disk.n_bytes = 0;
    disk.hangs = false;
    disk.failure = 0;
    (void)sem_init(&disk.is_hanging, 0, 0);
    (void)sem_init(&disk.goes_on, 0, 0);
    archive = archive_open("folder", false);
    return archive == NULL;
}

static int close_archive(void **state)
{
    (void)state;
    archive_close(archive);
    return 0;
}

static void put(size_t len)
{
    struct buf content;
    buf_init(&content, len);
    assert_int_equal(buf_reserve(&content, len), BUF_OK);
    memset(content.ptr, 'x', len);
    content.len = len;
    archive_put(archive, "name", &content);
    assert_null(content.ptr);
}

/* Not by patience alone: a tool that watches memory makes wiping slow. */
static struct archive_state finish(void)
{
    while (!disk.hangs && archive_state(archive).n_waiting > 0)
        (void)sched_yield();
    archive_finish(archive);
    return archive_state(archive);
}

static void what_is_put_is_written(void **state)
{
    (void)state;
    for (size_t i = 1; i <= 100; i++)
        put(i);
    struct archive_state after = finish();
    assert_int_equal(after.n_written, 100);
    assert_int_equal(after.n_lost + after.n_waiting, 0);
    assert_int_equal(disk.n_bytes, 5050);
}

static void whoever_has_time_waits_for_the_disk(void **state)
{
    (void)state;
    archive_close(archive);
    archive = archive_open("folder", true);
    put(1);
    assert_int_equal(disk.n_files, 1);
    disk.failure = EACCES;
    put(1);
    assert_int_equal(archive_state(archive).failure, EACCES);
    assert_int_equal(archive_state(archive).n_lost, 1);
}

/* The queue holds its bytes, and the one that hangs; the rest is lost, and nobody waits. */
static void a_disk_that_hangs_costs_files_and_no_time(void **state)
{
    (void)state;
    disk.hangs = true;
    put(ARCHIVE_MAX_BYTES / 4);
    (void)sem_wait(&disk.is_hanging);
    for (int i = 0; i < 10; i++)
        put(ARCHIVE_MAX_BYTES / 4);
    struct archive_state hanging = archive_state(archive);
    assert_int_equal(hanging.n_waiting, 4);
    assert_int_equal(hanging.n_lost, 7);
    assert_int_equal(hanging.failure, LOSS_TOO_SLOW);
    disk.hangs = false;
    (void)sem_post(&disk.goes_on);
    struct archive_state after = finish();
    assert_int_equal(after.n_written, 4);
    assert_int_equal(after.n_lost, 7);
    assert_int_equal(after.failure, 0);
}

static void a_file_larger_than_the_queue_has_room_alone(void **state)
{
    (void)state;
    put(ARCHIVE_MAX_BYTES + 1);
    assert_int_equal(finish().n_written, 1);
}

static void what_cannot_be_written_is_counted_and_the_next_is_tried(void **state)
{
    (void)state;
    disk.failure = ENOSPC;
    disk.hangs = true;
    put(1);
    (void)sem_wait(&disk.is_hanging);
    (void)sem_post(&disk.goes_on);
    put(1);
    (void)sem_wait(&disk.is_hanging); /* so the first is done */
    assert_int_equal(archive_state(archive).failure, ENOSPC);
    disk.failure = 0;
    (void)sem_post(&disk.goes_on);
    struct archive_state after = finish();
    assert_int_equal(after.n_lost, 1);
    assert_int_equal(after.n_written, 1);
    assert_int_equal(after.failure, 0);
}

static void the_end_does_not_wait_for_a_disk_that_hangs(void **state)
{
    (void)state;
    disk.hangs = true;
    for (int i = 0; i < 3; i++)
        put(8);
    (void)sem_wait(&disk.is_hanging);
    struct archive_state after = finish();
    assert_int_equal(after.n_waiting, 0);
    assert_int_equal(after.n_lost, 3);
    put(8);
    assert_int_equal(archive_state(archive).n_lost, 4);
    (void)sem_post(&disk.goes_on); /* too late: it counts no more */
}

static void without_a_thread_the_reason_is_not_the_disk(void **state)
{
    (void)state;
    no_thread(true);
    put(8);
    no_thread(false);
    assert_int_equal(archive_state(archive).failure, LOSS_NO_THREAD);
    assert_int_equal(archive_state(archive).n_lost, 1);
    put(8);
    struct archive_state after = finish();
    assert_int_equal(after.n_written, 1);
    assert_int_equal(after.failure, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_archive, close_archive)
    const struct CMUnitTest tests[] = {
        TEST(what_is_put_is_written),
        TEST(whoever_has_time_waits_for_the_disk),
        TEST(a_disk_that_hangs_costs_files_and_no_time),
        TEST(a_file_larger_than_the_queue_has_room_alone),
        TEST(what_cannot_be_written_is_counted_and_the_next_is_tried),
        TEST(without_a_thread_the_reason_is_not_the_disk),
        TEST(the_end_does_not_wait_for_a_disk_that_hangs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
