// Stands in for libchdb.so where a test needs an engine that stops answering: it tells its version, and then hangs on the statement named by
// HANG_ON, which is set when this is compiled. Everything else succeeds with an empty result.
#include <stdint.h>
#include <string.h>
#include <unistd.h>

static const char *about = "1.2.3\tUTC\n";
static const char *nothing = "";
static void *connection = &connection;
static void *handle = &connection;

void **chdb_connect(int argc, char **argv) { return &handle; }
void chdb_close_conn(void **conn) {}
void chdb_set_signal_handlers_enabled(int enabled) {}

void *chdb_query_with_params_n(void *conn, const char *query, size_t length, const char *format, size_t format_length,
                               const char **names, const size_t *name_lengths, const char **values, const size_t *value_lengths, size_t count) {
  if (memmem(query, length, HANG_ON, strlen(HANG_ON))) for (;;) pause();
  return memmem(query, length, "timezone()", 10) ? &about : &nothing;
}
void chdb_destroy_query_result(void *result) {}
const char *chdb_result_error(void *result) { return NULL; }
const char *chdb_result_buffer(void *result) { return *(const char **)result; }
size_t chdb_result_length(void *result) { return strlen(*(const char **)result); }
double chdb_result_elapsed(void *result) { return 0; }
uint64_t chdb_result_rows_read(void *result) { return 0; }
uint64_t chdb_result_bytes_read(void *result) { return 0; }
uint64_t chdb_result_storage_rows_read(void *result) { return 0; }
uint64_t chdb_result_storage_bytes_read(void *result) { return 0; }
uint64_t chdb_result_rows_written(void *result) { return 0; }
uint64_t chdb_result_bytes_written(void *result) { return 0; }
