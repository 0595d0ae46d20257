// What the facade needs beyond the C API: errors as C++ exceptions, warnings kept in memory, whole environment steps in one call.
#ifndef MUJOCO_JAVA_H_
#define MUJOCO_JAVA_H_

#include <mujoco/mujoco.h>
#include <cstring>
#include <stdexcept>
#include <string>

#ifndef MUJOCO_JAVA_PARSER_SKIP
namespace mujoco_java {
inline std::string& last_warning() { static thread_local std::string text; return text; }
inline void on_error(const char* message) { throw std::runtime_error(message ? message : "MuJoCo error"); }
inline void on_warning(const char* message) { last_warning() = message ? message : ""; }
// at load time: an error must become a Java exception instead of exit(), a warning must not be written to MUJOCO_LOG.TXT
struct hooks { hooks() { mju_user_error = on_error; mju_user_warning = on_warning; } };
static hooks installed;
}
#endif

// the version of the headers this glue was compiled with; compare with mj_version()
static inline int mjj_headerVersion() { return mjVERSION_HEADER; }
// the last warning on this thread, and how to forget it
static inline const char* mjj_lastWarning() { return mujoco_java::last_warning().c_str(); }
static inline void mjj_clearWarning() { mujoco_java::last_warning().clear(); }
// raises an error on purpose, to test the hook
static inline void mjj_raise(const char* message) { mju_error("%s", message); }

// n substeps with the control that lies in d->ctrl; contacts != 0 also computes contact forces (cfrc_ext).
// Returns how many substeps found a bad state or control. MuJoCo resets its data and counters when it finds a bad state,
// so the counters are cleared first rather than compared.
static inline int mjj_step(const mjModel* m, mjData* d, int n, int contacts) {
  int bad = 0;
  for (int w = mjWARN_BADQPOS; w <= mjWARN_BADCTRL; w++) d->warning[w].number = 0;
  for (int i = 0; i < n; i++) mj_step(m, d);
  if (contacts) mj_rnePostConstraint(m, d);
  for (int w = mjWARN_BADQPOS; w <= mjWARN_BADCTRL; w++) bad += d->warning[w].number;
  return bad;
}
#endif
