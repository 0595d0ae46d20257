package org.mujoco;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Models that crash MuJoCo's compiler, never end, or ask for more memory than there is; one of each kind. */
final class HostileModels {
    /** One of them; either the text, or a file that is written with what belongs to it. */
    record Hostile(String kind, String xml, Path file) {
        Model load() {
            return file == null ? Model.fromXml(xml) : Model.fromFile(file);
        }
    }

    private static final String BODY = "<mujoco>%s<worldbody><body name=\"ball\"><freejoint/><geom name=\"ball\" "
        + "size=\"0.1\"/></body></worldbody>%s</mujoco>";

    private final Path folder;
    private final List<Hostile> all = new ArrayList<>();

    private HostileModels(Path folder) {
        this.folder = folder;
    }

    static List<Hostile> in(Path folder) {
        var models = new HostileModels(folder);
        models.sizes();
        models.copies();
        models.nesting();
        models.files();
        return models.all;
    }

    private void sizes() {
        for (String builtin : List.of("supersphere\" params=\"100000 1 1", "supertorus\" params=\"100000 .5 1 1",
            "plate\" params=\"100000 100000",
            "cone\" params=\"100000000 1", "wedge\" params=\"100000 100000 90 90 .1", "grid\" params=\"100000 100000 1 1 1 1",
            "hemisphere\" params=\"10"))
            text("mesh builtin " + builtin.replace("\" params=\"", " "), mesh("builtin=\"" + builtin + "\""));
        text("hfield of 10¹⁰ points",
            BODY.formatted("<asset><hfield name=\"h\" nrow=\"100000\" ncol=\"100000\" size=\"1 1 1 1\"/></asset>", ""));
        text("hfield of more rows than an int holds",
            BODY.formatted("<asset><hfield name=\"h\" nrow=\"2147483647\" ncol=\"2147483647\" size=\"1 1 1 1\"/></asset>", ""));
        for (String count : List.of("nuser_body", "nuser_jnt", "nuser_geom", "nuser_site", "nuser_cam", "nuser_tendon", "nuser_actuator",
            "nuser_sensor", "nuserdata", "nkey"))
            text(count, BODY.formatted("<size " + count + "=\"2000000000\"/>", "<keyframe><key/></keyframe>"));
        for (String count : List.of("njmax", "nconmax", "nstack")) text(count, BODY.formatted("<size " + count + "=\"2000000000\"/>", ""));
        for (String memory : List.of("1E", "900G", "-5", "16E"))
            text("memory " + memory, BODY.formatted("<size memory=\"" + memory + "\"/>", ""));
        text("texture of 10¹⁰ pixels", texture("width=\"100000\" height=\"100000\""));
        text("texture wider than an int", texture("width=\"2147483647\" height=\"2147483647\""));
        text("texture of negative size", texture("width=\"-7\" height=\"-7\""));
        text("numeric of 2·10⁹ values", BODY.formatted("", "<custom><numeric name=\"n\" size=\"2000000000\"/></custom>"));
        text("name of 5 MB", BODY.formatted("<custom><text name=\"" + "n".repeat(5_000_000) + "\" data=\"x\"/></custom>", ""));
        text("text of 5 MB", BODY.formatted("<custom><text name=\"n\" data=\"" + "x".repeat(5_000_000) + "\"/></custom>", ""));
        text("user sensor of 2·10⁹ values", BODY.formatted("", "<sensor><user name=\"u\" dim=\"2000000000\"/></sensor>"));
        text("delay of 2·10⁹ samples",
            BODY.formatted("", "<actuator><general body=\"ball\" nsample=\"2000000000\" delay=\"1\"/></actuator>"));
        text("actuator of 2·10⁹ activations",
            BODY.formatted("", "<actuator><general body=\"ball\" dyntype=\"user\" actdim=\"2000000000\"/></actuator>"));
        text("touch grid of 10¹⁰ cells", BODY.formatted(
            "<extension><plugin plugin=\"mujoco.sensor.touch_grid\"><instance name=\"t\"><config key=\"size\" value=\"100000 100000\"/>"
                + "<config key=\"fov\" value=\"10 10\"/><config key=\"gamma\" value=\"0\"/><config key=\"nchannel\" "
                + "value=\"3\"/></instance></plugin></extension>",
            "<sensor><plugin name=\"t\" instance=\"t\" objtype=\"body\" objname=\"ball\"/></sensor>"));
        text("flex of one element and huge vertices", BODY.formatted(
            "<deformable><flex name=\"f\" dim=\"1\" body=\"ball ball\" vertex=\"1e308 0 0 -1e308 0 0\" element=\"0 "
                + "2000000000\"/></deformable>",
            ""));
    }

    private void copies() {
        for (String count : List.of("100000000", "900000")) {
            text("replicate " + count, "<mujoco><worldbody><replicate count=\"" + count
                + "\" offset=\"1 0 0\"><geom size=\"0.1\"/></replicate></worldbody></mujoco>");
            text("composite " + count, "<mujoco><worldbody><composite type=\"cable\" count=\"" + count
                + " 1 1\" curve=\"s\" size=\"1\"><geom type=\"capsule\" size=\".01\"/></composite></worldbody></mujoco>");
            text("flexcomp " + count, "<mujoco><worldbody><flexcomp name=\"f\" type=\"grid\" count=\"" + count
                + " 900000 900000\" spacing=\"1 1 1\" mass=\"1\" dim=\"3\"/></worldbody></mujoco>");
        }
        text("replicates in replicates", "<mujoco><worldbody>" + "<replicate count=\"1000\" offset=\"1 0 0\">".repeat(6)
            + "<geom size=\"0.1\"/>" + "</replicate>".repeat(6) + "</worldbody></mujoco>");
        text("flexcomp of 10⁹ points",
            "<mujoco><worldbody><flexcomp name=\"f\" type=\"grid\" count=\"1000 1000 1000\" spacing=\"1 1 1\" mass=\"1\" "
                + "dim=\"3\"/></worldbody></mujoco>");
    }

    private void nesting() {
        text("200 000 nested bodies",
            "<mujoco><worldbody>" + "<body>".repeat(200_000) + "</body>".repeat(200_000) + "</worldbody></mujoco>");
        text("450 nested replicates", "<mujoco><worldbody>" + "<replicate count=\"2\" offset=\"1 0 0\">".repeat(450)
            + "<geom size=\"0.1\"/>" + "</replicate>".repeat(450) + "</worldbody></mujoco>");
        text("nested defaults", "<mujoco>" + "<default class=\"main\">".repeat(450) + "</default>".repeat(450) + "</mujoco>");
        file("a file that includes itself", "itself.xml", "<mujoco><include file=\"itself.xml\"/></mujoco>");
        write("first.xml", "<mujoco><include file=\"second.xml\"/></mujoco>".getBytes(StandardCharsets.UTF_8));
        file("two files that include each other", "second.xml", "<mujoco><include file=\"first.xml\"/></mujoco>");
        file("an attached file that attaches itself", "attach.xml",
            "<mujoco><asset><model name=\"a\" file=\"attach.xml\"/></asset><worldbody><frame><attach model=\"a\" "
                + "prefix=\"p\"/></frame></worldbody></mujoco>");
    }

    private void files() {
        asset("STL that promises 4·10⁹ faces", "huge.stl", little(84).putInt(80, -1).array());
        asset("STL that promises 190 000 faces", "false.stl", little(184).putInt(80, 190_000).array());
        asset("empty STL", "empty.stl", new byte[0]);
        asset("OBJ with faces of no points", "faces.obj",
            "v 0 0 0\nf 1 2 3\nf -9 2000000000 99999999999999999999\n".getBytes(StandardCharsets.UTF_8));
        asset("OBJ of NaN", "nan.obj",
            "v nan nan nan\nv inf 0 0\nv 0 1e999 0\nv 0 0 1\nf 1 2 3\nf 1 2 4\nf 2 3 4\n".getBytes(StandardCharsets.UTF_8));
        asset("OBJ that is a picture", "picture.obj", png(4, 4, 70));
        asset("MSH with huge counts", "huge.msh",
            little(16).putInt(2_000_000_000).putInt(2_000_000_000).putInt(2_000_000_000).putInt(2_000_000_000).array());
        asset("MSH with negative counts", "negative.msh", little(16).putInt(-1).putInt(-1).putInt(-1).putInt(-1).array());
        picture("PNG that promises 2³¹ pixels each way", "huge.png", png(Integer.MAX_VALUE, Integer.MAX_VALUE, 70));
        picture("PNG that promises 60 000 pixels each way", "large.png", png(60_000, 60_000, 70));
        picture("half a PNG", "half.png", png(64, 64, 45));
        picture("PNG that is text", "text.png", "hello".getBytes(StandardCharsets.UTF_8));
        picture("KTX that is nothing", "bad.ktx", new byte[64]);
        for (int size : new int[] {-1, 2_000_000_000, 46_341}) {
            write("field" + size + ".bin", little(24).putInt(size).putInt(size).array());
            file("hfield file of " + size + " rows", "field" + size + ".xml",
                BODY.formatted("<asset><hfield name=\"h\" file=\"field" + size + ".bin\" size=\"1 1 1 1\"/></asset>", ""));
            write("skin" + size + ".skn", little(16).putInt(size).putInt(size).putInt(size).putInt(size).array());
            file("skin file of " + size + " points", "skin" + size + ".xml",
                BODY.formatted("<deformable><skin name=\"s\" file=\"skin" + size + ".skn\"/></deformable>", ""));
        }
        write("binary.mjb", little(4096).putInt(54_321).putInt(8).putInt(98).putInt(40).array());
        all.add(new Hostile("damaged binary model", "", folder.resolve("binary.mjb")));
    }

    private static String mesh(String attributes) {
        return "<mujoco><asset><mesh name=\"m\" " + attributes
            + "/></asset><worldbody><geom type=\"mesh\" mesh=\"m\"/></worldbody></mujoco>";
    }

    private static String texture(String size) {
        return BODY.formatted("<asset><texture name=\"t\" type=\"2d\" builtin=\"checker\" " + size + "/></asset>", "");
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The beginning of a picture of this size. */
    private static byte[] png(int width, int height, int length) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {(byte) 137, 'P', 'N', 'G', 13, 10, 26, 10});
        byte[] header = ByteBuffer.allocate(17).put("IHDR".getBytes(StandardCharsets.US_ASCII)).putInt(width).putInt(height)
            .put(new byte[] {8, 2, 0, 0, 0}).array();
        var sum = new CRC32();
        sum.update(header);
        bytes.writeBytes(ByteBuffer.allocate(25).putInt(13).put(header).putInt((int) sum.getValue()).array());
        bytes.writeBytes("\0\0\0\20IDATx\234cd\370\17\0\1\1\1\0".getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(new byte[64]);
        return java.util.Arrays.copyOf(bytes.toByteArray(), length);
    }

    private void text(String kind, String xml) {
        all.add(new Hostile(kind, xml, null));
    }

    private void file(String kind, String name, String xml) {
        all.add(new Hostile(kind, xml, write(name, xml.getBytes(StandardCharsets.UTF_8))));
    }

    private void asset(String kind, String name, byte[] content) {
        write(name, content);
        file(kind, name + ".xml", mesh("file=\"" + name + "\""));
    }

    private void picture(String kind, String name, byte[] content) {
        write(name, content);
        file(kind, name + ".xml", BODY
            .formatted("<asset><texture name=\"t\" type=\"2d\" file=\"" + name + "\"/><material name=\"m\" texture=\"t\"/></asset>", ""));
    }

    private Path write(String name, byte[] content) {
        try {
            return Files.write(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
