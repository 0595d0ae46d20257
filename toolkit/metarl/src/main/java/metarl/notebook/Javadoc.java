package metarl.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The Javadoc of the toolkit's public types and members, which the build has put into its jars. */
final class Javadoc {
    private static final String RESOURCE = "metarl/javadoc.json";
    private static final Pattern BLOCK = Pattern.compile("(?s)<pre>(.*?)</pre>|((?:(?!<pre>).)+)");

    /** By qualified name; a nested type's has a dot before its own. */
    private final Map<String, JsonNode> types = new TreeMap<>();

    private Javadoc() {
        var json = new ObjectMapper();
        try {
            for (URL module : Collections.list(Javadoc.class.getClassLoader().getResources(RESOURCE)))
                try (InputStream in = module.openStream()) {
                    json.readTree(in).properties().forEach(type -> types.put(type.getKey(), type.getValue()));
                }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Read when it is first asked for. */
    private static final class Holder {
        private static final Javadoc INSTANCE = new Javadoc();
    }

    static Javadoc instance() {
        return Holder.INSTANCE;
    }

    /** Qualified names of the types that can be meant by a name such as TaskSet, TaskSet.Builder or the qualified one. */
    List<String> named(String type) {
        return types.keySet().stream().filter(name -> name.equals(type) || name.endsWith("." + type)).toList();
    }

    /** What a type is, as HTML; empty if nothing is known. */
    String ofType(String type) {
        return named(type).stream().map(name -> types.get(name).get("text").asText()).findFirst().orElse("");
    }

    /**
     * What a method, constructor or field is, as HTML; empty if nothing is known. What a type says nothing about is looked for in those
     * that it extends and implements.
     *
     * @param parameters types without their arguments, as in ["List", "double[]"]; null for a field
     */
    String ofMember(String type, String member, List<String> parameters) {
        for (String name : named(type)) {
            JsonNode known = types.get(name);
            Optional<String> text = elements(known.get("members")).filter(m -> m.get("name").asText().equals(member)
                && (parameters == null ? !m.has("types") : m.has("types") && parameters.equals(texts(m.get("types")))))
                .map(m -> m.get("text").asText()).filter(t -> !t.isEmpty()).findFirst();
            if (text.isPresent()) return text.get();
            for (String above : texts(known.get("above"))) {
                String inherited = ofMember(above, member, parameters);
                if (!inherited.isEmpty()) return inherited;
            }
        }
        return "";
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static List<String> texts(JsonNode array) {
        return elements(array).map(JsonNode::asText).toList();
    }

    /** HTML of a comment as lines of text: a blank line between paragraphs, a dash before each item. */
    static String plain(String html) {
        var out = new StringBuilder();
        Matcher block = BLOCK.matcher(html);
        while (block.find()) {
            if (block.group(1) != null) out.append("\n\n").append(bare(block.group(1)).stripTrailing().indent(2)).append("\n");
            else out
                .append(bare(block.group(2).replaceAll("\\s+", " ").replaceAll("\\s*<li>\\s*", "\n- ").replaceAll("\\s*</?[ou]l>\\s*", "\n")
                    .replaceAll("\\s*</?p>\\s*", "\n\n")));
        }
        return out.toString().replaceAll("(?m)[ \t]+$", "").replaceAll("\n{3,}", "\n\n").strip();
    }

    private static String bare(String html) {
        return html.replaceAll("<[^>]+>", "").replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&quot;", "\"")
            .replace("&amp;", "&");
    }
}
