// An off-screen OpenGL context without a display and without linking GL: EGL surfaceless where it works, else OSMesa. Linux only.
#ifndef MUJOCO_JAVA_GL_H_
#define MUJOCO_JAVA_GL_H_

#include <cstdlib>
#include <stdexcept>
#include <vector>
#if defined(__linux__)
#include <dlfcn.h>
#endif

#ifndef MUJOCO_JAVA_PARSER_SKIP
namespace mujoco_java {
#if defined(__linux__)
typedef void* (*get_proc)(const char*);

inline bool open_egl() {
  void* egl = dlopen("libEGL.so.1", RTLD_NOW | RTLD_GLOBAL);
  if (!egl) return false;
  dlopen("libOpenGL.so.0", RTLD_NOW | RTLD_GLOBAL);
  auto proc = (get_proc) dlsym(egl, "eglGetProcAddress");
  auto initialize = (unsigned (*)(void*, int*, int*)) dlsym(egl, "eglInitialize");
  auto choose = (unsigned (*)(void*, const int*, void**, int, int*)) dlsym(egl, "eglChooseConfig");
  auto bind = (unsigned (*)(unsigned)) dlsym(egl, "eglBindAPI");
  auto create = (void* (*)(void*, void*, void*, const int*)) dlsym(egl, "eglCreateContext");
  auto current = (unsigned (*)(void*, void*, void*, void*)) dlsym(egl, "eglMakeCurrent");
  if (!proc || !initialize || !choose || !bind || !create || !current) return false;
  auto platform = (void* (*)(unsigned, void*, const int*)) proc("eglGetPlatformDisplayEXT");
  void* display = platform ? platform(0x31DD /* EGL_PLATFORM_SURFACELESS_MESA */, nullptr, nullptr) : nullptr;
  if (!display || !initialize(display, nullptr, nullptr)) return false;
  const int wanted[] = {0x3033, 0x0001, 0x3024, 8, 0x3023, 8, 0x3022, 8, 0x3025, 24, 0x3026, 8, 0x3040, 0x0008, 0x3038};
  void* config = nullptr;
  int found = 0;
  if (!choose(display, wanted, &config, 1, &found) || found < 1 || !bind(0x30A2 /* EGL_OPENGL_API */)) return false;
  void* context = create(display, config, nullptr, nullptr);
  return context && current(display, nullptr, nullptr, context);
}

inline bool open_osmesa(int width, int height) {
  void* mesa = dlopen("libOSMesa.so.8", RTLD_NOW | RTLD_GLOBAL);
  if (!mesa) mesa = dlopen("libOSMesa.so", RTLD_NOW | RTLD_GLOBAL);
  if (!mesa) return false;
  auto create = (void* (*)(unsigned, int, int, int, void*)) dlsym(mesa, "OSMesaCreateContextExt");
  auto current = (unsigned char (*)(void*, void*, unsigned, int, int)) dlsym(mesa, "OSMesaMakeCurrent");
  if (!create || !current) return false;
  static thread_local std::vector<unsigned char> pixels;
  pixels.resize(4 * (size_t) width * height);
  void* context = create(0x1908 /* GL_RGBA */, 24, 8, 0, nullptr);
  return context && current(context, pixels.data(), 0x1401 /* GL_UNSIGNED_BYTE */, width, height);
}
#endif
}
#endif

// Makes a context current on the calling thread; returns "egl" or "osmesa", or an empty text where neither exists.
static inline const char* mjj_openContext(int width, int height) {
#if defined(__linux__)
  // MuJoCo's own GL loader reads this variable
  if (mujoco_java::open_egl()) { setenv("MUJOCO_GL", "egl", 1); return "egl"; }
  if (mujoco_java::open_osmesa(width, height)) { setenv("MUJOCO_GL", "osmesa", 1); return "osmesa"; }
#endif
  return "";
}
#endif
