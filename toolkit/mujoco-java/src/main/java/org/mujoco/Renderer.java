package org.mujoco;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.lang.ref.Cleaner;
import org.bytedeco.javacpp.BytePointer;
import org.mujoco.generated.global.mujoco;
import org.mujoco.generated.mjModel;
import org.mujoco.generated.mjVisual;
import org.mujoco.generated.mjrContext;
import org.mujoco.generated.mjrRect;
import org.mujoco.generated.mjvCamera;
import org.mujoco.generated.mjvOption;
import org.mujoco.generated.mjvScene;

/**
 * Draws simulations into images, without a display: OpenGL by Mesa's EGL or OSMesa, or by a graphics card. May be used from any thread.
 *
 * <p>{@code -Dmujoco.gl=egl} or {@code osmesa} (or the variable {@code MUJOCO_GL}) picks one of the two; otherwise the first that works is
 * taken.
 */
public final class Renderer implements AutoCloseable {
    private static final int MAX_SIZE = 4096, FIRST_GEOMS = 10_000, MOST_GEOMS = 10_000_000;
    private static Boolean available;

    private final Model model;
    private final int width;
    private final Resources resources;
    private final Cleaner.Cleanable cleanable;
    private boolean closed;

    private Renderer(Model model, int width, int height) {
        this.model = model;
        this.width = width;
        var owned = new Resources(model.memory(), width, height);
        resources = owned;
        cleanable = Native.guard(this, owned::free);
    }

    /**
     * A renderer of pictures of this size, for simulations of this model and of its edited copies. The camera looks at the whole model.
     *
     * @param width 1 to 4096 pixels
     * @param height 1 to 4096 pixels
     * @throws MujocoException if there is no off-screen OpenGL; the message names the packages to install
     */
    public static Renderer of(Model model, int width, int height) {
        for (int size : new int[] {width, height})
            if (size < 1 || size > MAX_SIZE) throw new IllegalArgumentException(
                "the picture is " + width + " × " + height + ", expected 1 to " + MAX_SIZE + " pixels each way");
        return new Renderer(model, width, height);
    }

    /** Whether pictures can be drawn here; tries it with an empty model once. */
    public static synchronized boolean available() {
        if (available == null) {
            try (Model empty = Model.fromXml("<mujoco/>"); Renderer renderer = of(empty, 16, 16)) {
                available = renderer.width == 16;
            } catch (MujocoException e) {
                available = false;
            }
        }
        return available;
    }

    /**
     * Lets the camera move along with a body.
     *
     * @throws IllegalArgumentException if there is no such body; the message lists them
     */
    public synchronized Renderer follow(String body) {
        int id = model.bodyId(body);
        camera().type(mujoco.mjCAMERA_TRACKING).trackbodyid(id);
        return this;
    }

    /** Points the camera at a fixed place, in m. */
    public synchronized Renderer lookAt(double x, double y, double z) {
        finite("x", x);
        finite("y", y);
        finite("z", z);
        camera().type(mujoco.mjCAMERA_FREE).lookat(0, x).lookat(1, y).lookat(2, z);
        return this;
    }

    /**
     * Looks through a camera of the model.
     *
     * @throws IllegalArgumentException if there is no such camera; the message lists them
     */
    public synchronized Renderer through(String camera) {
        int id = Names.id(model.cameraNames(), camera, "camera");
        camera().type(mujoco.mjCAMERA_FIXED).fixedcamid(id);
        return this;
    }

    /** Sets the distance of the camera from what it looks at, in m. */
    public synchronized Renderer distance(double metres) {
        if (!(finite("distance", metres) > 0))
            throw new IllegalArgumentException("distance is " + metres + ", expected a positive number of metres");
        camera().distance(metres);
        return this;
    }

    /** Sets the direction the camera looks in, in degrees around the vertical: 90 is along y, so that x points right. */
    public synchronized Renderer azimuth(double degrees) {
        camera().azimuth(finite("azimuth", degrees));
        return this;
    }

    /** Sets the angle of the camera's look against the horizontal, in degrees: negative looks down. */
    public synchronized Renderer elevation(double degrees) {
        camera().elevation(finite("elevation", degrees));
        return this;
    }

    /**
     * A picture of the present state.
     *
     * @throws IllegalArgumentException if the simulation's model is neither this renderer's nor an edited copy of it
     * @throws IllegalStateException if the renderer or the simulation is closed
     */
    public synchronized BufferedImage frame(Simulation simulation) {
        open();
        if (!simulation.model().relatedTo(model))
            throw new IllegalArgumentException("the simulation has a different model; make a renderer of its model");
        synchronized (simulation) {
            resources.update(simulation);
        }
        GlThread.run("drawing", resources::draw);
        return resources.image();
    }

    private mjvCamera camera() {
        open();
        return resources.camera;
    }

    private void open() {
        if (closed) throw new IllegalStateException("the renderer is closed; make a new one");
    }

    private static double finite(String what, double value) {
        if (!Double.isFinite(value)) throw new IllegalArgumentException(what + " is " + value + ", expected a finite number");
        return value;
    }

    /** Frees the renderer; closing twice is fine. */
    @Override
    public synchronized void close() {
        closed = true;
        cleanable.clean();
    }

    /** The native side; knows nothing of its owner, so that a forgotten renderer can be freed. */
    private static final class Resources {
        private final ModelMemory memory;
        private final int width, height;
        private final mjvScene scene = new mjvScene();
        private final mjvOption option = new mjvOption();
        private final mjvCamera camera = new mjvCamera();
        private final mjrContext context = new mjrContext();
        private final mjrRect rectangle = new mjrRect();
        private final BytePointer pixels;
        private int geoms = FIRST_GEOMS;

        Resources(ModelMemory memory, int width, int height) {
            this.memory = memory;
            this.width = width;
            this.height = height;
            mjModel model = memory.retain();
            try {
                GlThread.run("making a renderer", () -> make(model));
            } catch (RuntimeException e) {
                memory.release();
                throw e;
            }
            pixels = new BytePointer(3L * width * height);
            Native.count(1);
        }

        /** Beyond these, drawing takes minutes or all memory, or gives a black picture. */
        private static void check(mjModel model) {
            mjVisual visual = model.vis();
            double[] values = {visual.global_fovy(), visual.map_znear(), visual.map_zfar(), visual.map_haze(), visual.map_fogstart(),
                visual.map_fogend(), visual.map_shadowclip(),
                visual.map_shadowscale(), model.stat().extent(), model.stat().center(0), model.stat().center(1), model.stat().center(2)};
            String[] names = {"fovy", "znear", "zfar", "haze", "fogstart", "fogend", "shadowclip", "shadowscale", "extent", "center",
                "center", "center"};
            for (int i = 0; i < values.length; i++)
                if (!Double.isFinite(values[i])) throw new MujocoException(
                    "the model cannot be drawn: " + names[i] + " is " + values[i] + ", expected a finite number; correct it in the XML");
            if (!(visual.map_zfar() > visual.map_znear()))
                throw new MujocoException("the model cannot be drawn: zfar " + visual.map_zfar() + " is not beyond znear "
                    + visual.map_znear() + "; correct it in <visual><map/></visual>");
            quality("shadowsize", visual.quality_shadowsize(), 16_384);
            quality("offsamples", visual.quality_offsamples(), 64);
            quality("numslices", visual.quality_numslices(), 500);
            quality("numstacks", visual.quality_numstacks(), 500);
            quality("numquads", visual.quality_numquads(), 200);
        }

        private static void quality(String what, int value, int most) {
            if (value < 0 || value > most)
                throw new MujocoException("the model cannot be drawn: " + what + " is " + value + ", expected 0 to " + most
                    + "; correct it in <visual><quality " + what + "=\"…\"/></visual>");
        }

        private void make(mjModel model) {
            check(model);
            mujoco.mjv_defaultOption(option);
            mujoco.mjv_defaultCamera(camera);
            mujoco.mjv_defaultFreeCamera(model, camera);
            rectangle.left(0).bottom(0).width(width).height(height);
            mujoco.mjv_defaultScene(scene);
            mujoco.mjr_defaultContext(context);
            try {
                mujoco.mjj_makeScene(model, scene, geoms);
                mujoco.mjj_makeContext(model, context, width, height);
            } catch (RuntimeException e) {
                freeScene();
                throw e;
            }
        }

        private void freeScene() {
            mujoco.mjv_freeScene(scene);
            mujoco.mjr_freeContext(context);
        }

        void update(Simulation simulation) {
            Native.run("describing the scene", () -> {
                while (mujoco.mjj_updateScene(simulation.modelPointer(), simulation.data(), option, camera, scene) >= geoms) {
                    // MuJoCo leaves out what does not fit: a picture without it would be wrong
                    if (geoms >= MOST_GEOMS)
                        throw new MujocoException("the scene has more than " + MOST_GEOMS + " things to draw; draw a smaller model");
                    geoms *= 4;
                    mujoco.mjv_freeScene(scene);
                    mujoco.mjj_makeScene(simulation.modelPointer(), scene, geoms);
                }
            });
        }

        void draw() {
            mujoco.mjj_draw(pixels, rectangle, scene, context);
        }

        /** OpenGL's rows go up, an image's go down. */
        BufferedImage image() {
            byte[] rgb = new byte[3 * width * height];
            pixels.get(rgb);
            var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            int[] target = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
            for (int y = 0, at = 0; y < height; y++)
                for (int x = 0, from = 3 * width * (height - 1 - y); x < width; x++, from += 3)
                    target[at++] = (rgb[from] & 255) << 16 | (rgb[from + 1] & 255) << 8 | rgb[from + 2] & 255;
            return image;
        }

        void free() {
            GlThread.run("freeing a renderer", this::freeScene);
            pixels.close();
            memory.release();
            Native.count(-1);
        }
    }
}
