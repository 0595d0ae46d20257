package org.mujoco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can only be seen in a fresh process: loading, its failure, and the choice of OpenGL. */
class LoadingTest {
    /** The program of the child processes. */
    static final class Child {
        public static void main(String[] arguments) {
            try (Model model = Model.fromXml("<mujoco><worldbody><body name='é'><geom size='1'/></body></worldbody></mujoco>")) {
                System.out.println("name " + (int) model.bodyNames().get(1).charAt(0));
                System.out.println("drawn " + Renderer.available() + " by " + GlThread.context());
                if (!Renderer.available()) Renderer.of(model, 8, 8);
            } catch (MujocoException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }

    @TempDir
    Path folder;

    private String child(String... options) throws Exception {
        var command = new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Djava.awt.headless=true"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        Path output = folder.resolve("output");
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
        // a locale without accents must not change names
        builder.environment().put("LC_ALL", "C");
        builder.environment().remove("MUJOCO_GL");
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the child process hangs");
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertEquals(0, process.exitValue(), text);
        return text;
    }

    @Test
    void aMissingLibraryIsAnExceptionThatSaysWhatToDo() throws Exception {
        String text = child("-Dmujoco.library=" + folder);
        assertTrue(text.contains("refused: MuJoCo cannot be used: MuJoCo ") && text.contains("was not found")
            && text.contains("pip install mujoco=="), text);
    }

    @Test
    void anotherVersionIsNamed() throws Exception {
        Files.writeString(folder.resolve("libmujoco.so.1.2.3"), "");
        String text = child("-Dmujoco.library=" + folder);
        assertTrue(text.contains("libmujoco.so.1.2.3"), text);
    }

    @Test
    void namesKeepTheirAccentsWhateverTheLocale() throws Exception {
        assertTrue(child().contains("name " + (int) 'é'));
    }

    @Test
    void openGlIsTheOneThatWasAskedForOrRefused() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"));
        for (String wanted : List.of("egl", "osmesa")) {
            String text = child("-Dmujoco.gl=" + wanted);
            assertTrue(
                text.contains("drawn true by " + wanted) || text.contains("refused: MuJoCo cannot draw") && text.contains("apt install"),
                text);
        }
    }
}
