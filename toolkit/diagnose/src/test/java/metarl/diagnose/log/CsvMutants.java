package metarl.diagnose.log;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Logs as CSV with all that is allowed, and the same after small accidents. */
final class CsvMutants {
    private static final String[] TEXTS = {"x", "\"a, b\"", "\"say \"\"hi\"\"\"", "\"two\nlines\"", "\"\"", "", "5\" wide", " blank ", "é",
        "#x",
        "\"1,2\r\n3;4\""};
    private static final String[] PIECES = {"\"", "\"\"", "\n", "\r", "\r\n", ",", ";", "\0", "#", "\\", " ", "\u0001", "1", "x", "-", "e",
        "\n\n",
        "\ufeff", "\",\"", "\"\n\""};

    private final Random random;

    CsvMutants(long seed) {
        random = new Random(seed);
    }

    /** A log of the columns action, reward, propensity and text, in this order or another. */
    String log(char delimiter) {
        String end = new String[] {"\n", "\r\n", "\r"}[random.nextInt(3)];
        var text = new StringBuilder();
        for (int i = random.nextInt(3); i > 0; i--) text.append("# note, with words").append(end);
        boolean first = random.nextBoolean();
        text.append(
            String.join("" + delimiter, first ? new String[] {"text", "action", "reward", "propensity"} : new String[] {"action", "reward",
                "propensity", "text"}))
            .append(end);
        int rows = 1 + random.nextInt(12);
        for (int i = 0; i < rows; i++) {
            String note = TEXTS[random.nextInt(TEXTS.length)], last = random.nextInt(20) == 0 ? "\n" : end;
            String numbers = random.nextInt(3) + "" + delimiter + number() + delimiter + (1 + random.nextInt(1000)) / 1000.0;
            text.append(first ? note + delimiter + numbers : numbers + delimiter + note);
            if (i < rows - 1 || random.nextBoolean()) text.append(last);
            if (random.nextInt(15) == 0) text.append(last);
        }
        return text.toString();
    }

    private String number() {
        return switch (random.nextInt(6)) {
            case 0 -> "" + random.nextInt(100);
            case 1 -> "" + random.nextGaussian();
            case 2 -> "" + Double.longBitsToDouble(random.nextLong());
            case 3 -> "\"" + random.nextDouble() + "\"";
            case 4 -> " " + random.nextInt(10) + ".5e" + random.nextInt(5) + " ";
            default -> "" + (float) random.nextGaussian();
        };
    }

    /** The same bytes after up to three accidents: a flipped bit, a lost or a doubled stretch, something inserted, the end cut off. */
    byte[] damaged(String log) {
        byte[] bytes = log.getBytes(StandardCharsets.UTF_8);
        for (int i = 1 + random.nextInt(3); i > 0 && bytes.length > 1; i--) bytes = accident(bytes);
        return bytes;
    }

    private byte[] accident(byte[] bytes) {
        int at = random.nextInt(bytes.length), length = Math.min(bytes.length - at, 1 + random.nextInt(20));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String piece = new String(PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String changed = switch (random.nextInt(5)) {
            case 0 -> text.substring(0, at) + (char) (text.charAt(at) ^ 1 << random.nextInt(8)) + text.substring(at + 1);
            case 1 -> text.substring(0, at) + text.substring(at + length);
            case 2 -> text.substring(0, at + length) + text.substring(at);
            case 3 -> text.substring(0, at + 1);
            default -> text.substring(0, at) + piece + text.substring(at);
        };
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }

    char delimiter() {
        return ",;\t|".charAt(random.nextInt(4));
    }

    boolean coin() {
        return random.nextBoolean();
    }
}
