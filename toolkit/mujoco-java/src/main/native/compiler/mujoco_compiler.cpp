// Compiles MuJoCo models outside the process that wants them, so that nothing a model does to MuJoCo's compiler can end that process: no C++
// exception, crash, endless loop or use of all memory. Loaded once, this program forks a child for every model; the child reads and compiles
// the model under a limit of memory, takes one step with it, and hands it back as a binary model.
//
// Usage: mujoco-compiler LIBMUJOCO [PLUGIN-LIBRARY…]. Requests come on standard input, answers go to standard output; it ends with its input.
#include <mujoco/mujoco.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <malloc.h>
#include <sys/prctl.h>
#endif
#include <mutex>
#include <string>
#include <vector>

namespace {
struct Request {
  uint32_t kind;    // 0: MJCF text, 1: name of a file
  uint32_t unused;
  uint64_t memory;  // bytes that the child may add to what the loaded library takes
  uint64_t length;  // of the text or name that follows
};

struct Answer {
  int32_t status;   // 0: a model follows, 1: refused with a text, 2: the child died
  int32_t signal;   // what killed it; 0 if it ended on its own
  int32_t phase;
  uint32_t words;   // length of what was written to standard error
  uint64_t length;  // of warnings and model, or of the text
};

enum Phase { READING = 1, COMPILING = 2, STEPPING = 3 };

struct Library {
  void* handle;
  template <class F> F* find(F*& function, const char* name) { return function = (F*) dlsym(handle, name); }
  decltype(mj_parseXML)* parseXML;
  decltype(mj_parseXMLString)* parseXMLString;
  decltype(mj_compile)* compile;
  decltype(mjs_getError)* getError;
  decltype(mj_sizeModel)* sizeModel;
  decltype(mj_saveModel)* saveModel;
  decltype(mj_makeData)* makeData;
  decltype(mj_step)* step;
  decltype(mj_loadPluginLibrary)* loadPlugin;
  // not in all versions: takes in what a model only refers to
  mjModel* (*embedAssets)(const mjModel*, char*, int);

  bool open(const char* path) {
    handle = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
    if (!handle) return false;
    find(embedAssets, "mj_embedAssets");
    return find(parseXML, "mj_parseXML") && find(parseXMLString, "mj_parseXMLString") && find(compile, "mj_compile") && find(getError, "mjs_getError")
        && find(sizeModel, "mj_sizeModel") && find(saveModel, "mj_saveModel") && find(makeData, "mj_makeData") && find(step, "mj_step")
        && find(loadPlugin, "mj_loadPluginLibrary");
  }
};

Library library;
int answers = -1;             // where answers go
int result = -1, words = -1;  // files that the child writes: its result, and its standard error
volatile int32_t* phase;      // shared with the child
std::vector<std::string> warnings;
std::mutex guard;

bool write_all(int file, const void* data, size_t size) {
  for (const char* at = (const char*) data; size > 0;) {
    ssize_t n = write(file, at, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n;
    size -= n;
  }
  return true;
}

bool read_all(int file, void* data, size_t size) {
  for (char* at = (char*) data; size > 0;) {
    ssize_t n = read(file, at, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n;
    size -= n;
  }
  return true;
}

int scratch_file() {
#if defined(__linux__)
  int file = memfd_create("mujoco-compiler", MFD_CLOEXEC);
  if (file >= 0) return file;
#endif
  FILE* file_of_system = tmpfile();
  return file_of_system ? dup(fileno(file_of_system)) : -1;
}

[[noreturn]] void refuse(const char* text) {
  write_all(result, text, strlen(text));
  _exit(1);
}

void on_error(const char* message) {
  // the model is handed back already: its owner will meet the same error as an exception
  if (*phase == STEPPING) _exit(0);
  refuse(message ? message : "MuJoCo error");
}

void on_warning(const char* message) {
  if (!message || *phase == STEPPING) return;
  std::lock_guard<std::mutex> lock(guard);
  for (auto& known : warnings) if (known == message) return;
  if (warnings.size() < 100) warnings.push_back(message);
}

size_t virtual_size() {
  size_t pages = 0;
  if (FILE* file = fopen("/proc/self/statm", "r")) {
    if (fscanf(file, "%zu", &pages) != 1) pages = 0;
    fclose(file);
  }
  return pages * (size_t) sysconf(_SC_PAGESIZE);
}

void limit(uint64_t memory) {
  rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
#if defined(__linux__)
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // where memory runs out for the whole machine or container, this child goes and not the one who asked
  int score = open("/proc/self/oom_score_adj", O_WRONLY);
  if (score >= 0) {
    write_all(score, "1000", 4);
    close(score);
  }
  rlimit space;
  if (virtual_size() == 0 || getrlimit(RLIMIT_AS, &space) != 0) return;
  rlim_t wanted = virtual_size() + memory;
  if (space.rlim_cur == RLIM_INFINITY || space.rlim_cur > wanted) space.rlim_cur = wanted;
  setrlimit(RLIMIT_AS, &space);
#endif
}

[[noreturn]] void compile(const Request& request, const std::string& text) {
  limit(request.memory);
  dup2(words, 2);
  int nothing = open("/dev/null", O_RDWR);
  dup2(nothing, 0);
  dup2(nothing, 1);
  close(answers);

  char error[4096] = "";
  *phase = READING;
  mjSpec* spec = request.kind == 0 ? library.parseXMLString(text.c_str(), nullptr, error, sizeof error)
                                   : library.parseXML(text.c_str(), nullptr, error, sizeof error);
  if (!spec) refuse(error);
  if (*error) on_warning(error);
  *phase = COMPILING;
  mjModel* model = library.compile(spec, nullptr);
  const char* said = library.getError(spec);
  if (!model) refuse(said ? said : "");
  if (said && *said) on_warning(said);
  if (library.embedAssets) {
    *error = 0;
    mjModel* whole = library.embedAssets(model, error, sizeof error);
    if (!whole) refuse(error);
    model = whole;
  }
  uint32_t count = (uint32_t) warnings.size();
  bool written = write_all(result, &count, sizeof count);
  for (auto& warning : warnings) {
    uint32_t length = (uint32_t) warning.size();
    written = written && write_all(result, &length, sizeof length) && write_all(result, warning.data(), length);
  }
  auto size = library.sizeModel(model);
  void* buffer = malloc(size);
  if (!buffer) on_error("Could not allocate memory");
  library.saveModel(model, nullptr, buffer, size);
  written = written && write_all(result, buffer, size);
  free(buffer);
  if (!written) _exit(3);
  *phase = STEPPING;
  if (mjData* data = library.makeData(model)) library.step(model, data);
  _exit(0);
}

bool forward(int file, off_t size) {
  static char buffer[1 << 16];
  for (lseek(file, 0, SEEK_SET); size > 0;) {
    ssize_t n = read(file, buffer, sizeof buffer < (size_t) size ? sizeof buffer : (size_t) size);
    if (n <= 0 || !write_all(answers, buffer, n)) return false;
    size -= n;
  }
  return true;
}

bool serve(const Request& request, const std::string& text) {
  result = scratch_file();
  words = scratch_file();
  int ends[2];
  if (result < 0 || words < 0 || pipe(ends) != 0) return false;
  *phase = 0;
  pid_t child = fork();
  if (child < 0) return false;
  if (child == 0) {
    close(ends[0]);
    compile(request, text);
  }
  close(ends[1]);
  // the pipe closes when the child ends, standard input when the one who asked is gone
  pollfd both[2] = {{ends[0], POLLIN, 0}, {0, 0, 0}};
  while (!(both[0].revents)) {
    if (poll(both, 2, -1) < 0 && errno != EINTR) break;
    if (both[1].revents & (POLLHUP | POLLERR)) {
      kill(child, SIGKILL);
      waitpid(child, nullptr, 0);
      _exit(0);
    }
  }
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  bool model = WIFEXITED(status) && WEXITSTATUS(status) == 0, refused = WIFEXITED(status) && WEXITSTATUS(status) == 1;
  off_t length = model || refused ? lseek(result, 0, SEEK_END) : 0, said = lseek(words, 0, SEEK_END);
  if (said > 4096) said = 4096;
  Answer answer = {model ? 0 : refused ? 1 : 2, WIFSIGNALED(status) ? WTERMSIG(status) : 0, *phase, (uint32_t) said, (uint64_t) length};
  bool sent = write_all(answers, &answer, sizeof answer) && forward(words, said) && forward(result, length);
  close(result);
  close(words);
  return sent;
}
}

int main(int argc, char** argv) {
  // whatever prints to standard output must not end up between the answers
  answers = dup(1);
  dup2(2, 1);
  signal(SIGPIPE, SIG_IGN);
  // an interrupt from the keyboard is for the one who asks
  signal(SIGINT, SIG_IGN);
#if defined(__linux__)
  // each arena reserves address space, which the limit counts
  mallopt(M_ARENA_MAX, 2);
#endif
  phase = (volatile int32_t*) mmap(nullptr, sizeof(int32_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (argc < 2 || phase == MAP_FAILED || !library.open(argv[1])) {
    fprintf(stderr, "%s\n", argc < 2 ? "usage: mujoco-compiler LIBMUJOCO [PLUGIN-LIBRARY…]" : dlerror());
    return 1;
  }
  *(void (**)(const char*)) dlsym(library.handle, "mju_user_error") = on_error;
  *(void (**)(const char*)) dlsym(library.handle, "mju_user_warning") = on_warning;
  for (int i = 2; i < argc; i++) library.loadPlugin(argv[i]);
  warnings.clear();
  Answer ready = {};
  write_all(answers, &ready, sizeof ready);
  for (Request request; read_all(0, &request, sizeof request);) {
    std::string text(request.length, 0);
    if (!read_all(0, &text[0], text.size()) || !serve(request, text)) return 1;
  }
  return 0;
}
