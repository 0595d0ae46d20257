// An off-screen OpenGL context without a display and without linking GL: EGL (Mesa without a surface, else any EGL device), else OSMesa.
// Linux only.
#ifndef MUJOCO_JAVA_GL_H_
#define MUJOCO_JAVA_GL_H_

#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <vector>
#if defined(__linux__)
#include <dlfcn.h>
#endif

#ifndef MUJOCO_JAVA_PARSER_SKIP
namespace mujoco_java {
#if defined(__linux__)
struct egl {
  void* library = dlopen("libEGL.so.1", RTLD_NOW | RTLD_GLOBAL);
  template <class F> F* function(const char* name) { return (F*) dlsym(library, name); }
  template <class F> F* extension(const char* name) {
    auto proc = function<void*(const char*)>("eglGetProcAddress");
    return proc ? (F*) proc(name) : nullptr;
  }

  bool make_current(void* display) {
    auto initialize = function<unsigned(void*, int*, int*)>("eglInitialize");
    auto choose = function<unsigned(void*, const int*, void**, int, int*)>("eglChooseConfig");
    auto bind = function<unsigned(unsigned)>("eglBindAPI");
    auto create = function<void*(void*, void*, void*, const int*)>("eglCreateContext");
    auto current = function<unsigned(void*, void*, void*, void*)>("eglMakeCurrent");
    if (!display || !initialize || !choose || !bind || !create || !current || !initialize(display, nullptr, nullptr)) return false;
    // a pbuffer surface; 8 bits each of red, green, blue; 24 of depth; 8 of stencil; desktop OpenGL
    const int wanted[] = {0x3033, 0x0001, 0x3024, 8, 0x3023, 8, 0x3022, 8, 0x3025, 24, 0x3026, 8, 0x3040, 0x0008, 0x3038};
    void* config = nullptr;
    int found = 0;
    if (!choose(display, wanted, &config, 1, &found) || found < 1 || !bind(0x30A2 /* EGL_OPENGL_API */)) return false;
    void* context = create(display, config, nullptr, nullptr);
    return context && current(display, nullptr, nullptr, context);
  }

  bool open() {
    if (!library) return false;
    // with the vendor-neutral libraries MuJoCo finds the desktop functions here
    dlopen("libOpenGL.so.0", RTLD_NOW | RTLD_GLOBAL);
    auto platform = extension<void*(unsigned, void*, const int*)>("eglGetPlatformDisplayEXT");
    if (!platform) return false;
    if (make_current(platform(0x31DD /* EGL_PLATFORM_SURFACELESS_MESA */, nullptr, nullptr))) return true;
    auto query = extension<unsigned(int, void**, int*)>("eglQueryDevicesEXT");
    void* devices[16];
    int count = 0;
    if (!query || !query(16, devices, &count)) return false;
    for (int i = 0; i < count; i++)
      if (make_current(platform(0x313F /* EGL_PLATFORM_DEVICE_EXT */, devices[i], nullptr))) return true;
    return false;
  }
};

inline bool open_osmesa() {
  void* mesa = dlopen("libOSMesa.so.8", RTLD_NOW | RTLD_GLOBAL);
  if (!mesa) mesa = dlopen("libOSMesa.so", RTLD_NOW | RTLD_GLOBAL);
  if (!mesa) return false;
  auto create = (void* (*)(unsigned, int, int, int, void*)) dlsym(mesa, "OSMesaCreateContextExt");
  auto current = (unsigned char (*)(void*, void*, unsigned, int, int)) dlsym(mesa, "OSMesaMakeCurrent");
  if (!create || !current) return false;
  // MuJoCo draws into a buffer of its own; this one only has to exist as long as the context
  static unsigned char window[4 * 16 * 16];
  void* context = create(0x1908 /* GL_RGBA */, 24, 8, 0, nullptr);
  return context && current(context, window, 0x1401 /* GL_UNSIGNED_BYTE */, 16, 16);
}
#endif
}
#endif

// drawing, each with errors as exceptions
static inline void mjj_makeScene(const mjModel* m, mjvScene* scene, int geoms) { mujoco_java::guarded([&] { mjv_makeScene(m, scene, geoms); }); }
static inline void mjj_makeContext(const mjModel* m, mjrContext* context, int width, int height) {
  // the model's own off-screen size is neither used nor changed: it may be any, and the model belongs to everyone who uses it
  mjModel sized = *m;
  sized.vis.global.offwidth = width;
  sized.vis.global.offheight = height;
  mujoco_java::guarded([&] { mjr_makeContext(&sized, context, mjFONTSCALE_100); });
}
// returns how many geoms the scene has now; all that fit into it, or fewer
static inline int mjj_updateScene(const mjModel* m, mjData* d, const mjvOption* option, mjvCamera* camera, mjvScene* scene) {
  return mujoco_java::guarded([&] {
    mjv_updateScene(m, d, option, nullptr, camera, mjCAT_ALL, scene);
    return scene->ngeom;
  });
}
static inline void mjj_draw(unsigned char* pixels, mjrRect* rectangle, mjvScene* scene, mjrContext* context) {
  mujoco_java::guarded([&] {
    mjr_setBuffer(mjFB_OFFSCREEN, context);
    mjr_render(*rectangle, scene, context);
    mjr_readPixels(pixels, nullptr, *rectangle, context);
  });
}

// Makes a context current on the calling thread. Wanted is "egl", "osmesa" or anything else for the first that works; returns
// "egl" or "osmesa", or an empty text where there is none.
static inline const char* mjj_openContext(const char* wanted) {
#if defined(__linux__)
  bool any = std::strcmp(wanted, "egl") && std::strcmp(wanted, "osmesa");
  // MuJoCo's own GL loader reads this variable
  if ((any || !std::strcmp(wanted, "egl")) && mujoco_java::egl().open()) { setenv("MUJOCO_GL", "egl", 1); return "egl"; }
  if ((any || !std::strcmp(wanted, "osmesa")) && mujoco_java::open_osmesa()) { setenv("MUJOCO_GL", "osmesa", 1); return "osmesa"; }
#endif
  return "";
}
#endif
