package metarl.train;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import metarl.agent.Rule;
import metarl.basics.Copy;

/** A {@link Rule} among the settings of a stored run: the name of its record, and its components. */
final class RuleFormat extends SimpleModule {
    private static final String NAME = "rule";
    private static final long serialVersionUID = 1;

    RuleFormat() {
        super("rules");
        addSerializer(Rule.class, new Writer());
    }

    @Override
    public void setupModule(Module.SetupContext context) {
        super.setupModule(context);
        context.addDeserializers(new Deserializers.Base() {
            @Override
            public JsonDeserializer<?> findBeanDeserializer(JavaType type, DeserializationConfig config, BeanDescription description) {
                Class<?> raw = type.getRawClass();
                return raw.isInterface() && Rule.class.isAssignableFrom(raw) ? new Reader<>(raw.asSubclass(Rule.class)) : null;
            }
        });
    }

    private static final class Writer extends JsonSerializer<Rule> {
        @Override
        public void serialize(Rule rule, JsonGenerator out, SerializerProvider provider) throws IOException {
            Rule.register(rule.getClass());
            out.writeStartObject();
            out.writeStringField(NAME, rule.getClass().getSimpleName());
            for (Map.Entry<String, Object> part : Copy.components((Record) rule).entrySet())
                provider.defaultSerializeField(part.getKey(), part.getValue(), out);
            out.writeEndObject();
        }
    }

    private static final class Reader<R extends Rule> extends JsonDeserializer<R> {
        private final Class<R> kind;

        Reader(Class<R> kind) {
            this.kind = kind;
        }

        @Override
        public R deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (!(in.readValueAsTree() instanceof ObjectNode node) || !node.path(NAME).isTextual())
                throw JsonMappingException.from(in, "a rule is given by its name, under '" + NAME + "'");
            Class<? extends R> record = Rule.named(kind, node.remove(NAME).asText());
            try (JsonParser parts = node.traverse(in.getCodec())) {
                return in.getCodec().readValue(parts, record);
            }
        }
    }
}
