package metarl.env.mujoco;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import metarl.env.body.Body;
import metarl.env.body.Change;
import org.mujoco.Model;
import org.mujoco.Model.Constants;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Makes the model of a body: changes of shape and time in the text, then changes of constants in the compiled model. */
final class ModelChanges {
    private ModelChanges() {}

    private static final Pattern END = Pattern.compile("</mujoco>\\s*$");
    private static final String LIGHT = "<visual><headlight ambient=\"0.4 0.4 0.4\" diffuse=\"0.6 0.6 0.6\"/></visual>";
    private static final String SKY = "<asset><texture type=\"skybox\" builtin=\"flat\" rgb1=\"1 1 1\" rgb2=\"1 1 1\" "
        + "width=\"32\" height=\"192\"/></asset>";
    /** What names other files, beside which a text alone is not enough. */
    private static final Pattern REFERENCE = Pattern.compile("<include\\b|\\bfile\\s*=");

    static Model compile(Body.Source source, List<Change> changes) {
        Model base = base(source, changes);
        for (Change change : changes) {
            if (isOfText(change) || change instanceof Change.Powerless) continue;
            try (Model previous = base) {
                base = changed(previous, change);
            }
        }
        return base;
    }

    private static Model base(Body.Source source, List<Change> changes) {
        boolean refers = source.file() != null && REFERENCE.matcher(source.text()).find();
        if (changes.stream().noneMatch(ModelChanges::isOfText))
            return refers ? Model.fromFile(source.file()) : Model.fromXml(lit(source.text()));
        if (refers) throw new IllegalArgumentException(source
            + " names other files, so its armature, radii and time step cannot be changed here; change them in the file");
        return Model.fromXml(lit(changed(source.text(), changes)));
    }

    /** With a white sky where a model has none, so that its pictures are not black. */
    private static String lit(String xml) {
        if (xml.contains("skybox")) return xml;
        return END.matcher(xml).replaceFirst((xml.contains("<visual") ? "" : LIGHT) + SKY + "</mujoco>");
    }

    private static boolean isOfText(Change change) {
        return change instanceof Change.Armature || change instanceof Change.Radius || change instanceof Change.Timestep;
    }

    private static Model changed(Model model, Change change) {
        try (Model.Edit edit = model.edit()) {
            if (change instanceof Change.Mass c) return edit.bodyMass(c.part(), c.kilograms()).build();
            if (change instanceof Change.Damping c) return edit.damping(c.joint(), c.value()).build();
            if (change instanceof Change.Gear c) return edit.gear(c.motor(), c.value()).build();
            if (change instanceof Change.Masses c) edit.multiply(Constants.BODY_MASS, array(c.factors()));
            if (change instanceof Change.Inertias c) edit.multiply(Constants.BODY_INERTIA, array(c.factors()));
            if (change instanceof Change.Dampings c) edit.multiply(Constants.DOF_DAMPING, array(c.factors()));
            if (change instanceof Change.Frictions c) edit.multiply(Constants.GEOM_FRICTION, array(c.factors()));
            return edit.buildAsIs();
        }
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(v -> v).toArray();
    }

    private static String changed(String xml, List<Change> changes) {
        try {
            DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            // one that prints nothing
            builder.setErrorHandler(new DefaultHandler());
            Document document = builder.parse(new InputSource(new StringReader(xml)));
            for (Change change : changes) {
                if (change instanceof Change.Armature c) armature(document, c.value());
                if (change instanceof Change.Radius c) radius(document, c);
                if (change instanceof Change.Timestep c) option(document).setAttribute("timestep", text(c.seconds()));
            }
            var writer = new StringWriter();
            TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(writer));
            return writer.toString();
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (SAXException e) {
            // MuJoCo says better what is wrong with it
            return xml;
        } catch (Exception e) {
            throw new IllegalStateException("the model's text could not be changed", e);
        }
    }

    private static Element option(Document document) {
        NodeList options = document.getElementsByTagName("option");
        return (Element) (options.getLength() > 0 ? options.item(0)
            : document.getDocumentElement().appendChild(document.createElement("option")));
    }

    /** The root's joints give an armature of their own, so changing the default reaches all others. */
    private static void armature(Document document, double value) {
        if (document.getElementsByTagName("default").item(0) instanceof Element defaults
            && defaults.getElementsByTagName("joint").item(0) instanceof Element joint) joint.setAttribute("armature", text(value));
        else throw new IllegalArgumentException(
            "the model has no default for joints, whose armature could be changed; give it one: "
                + "<default><joint armature=\"…\"/></default>");
    }

    private static void radius(Document document, Change.Radius change) {
        NodeList geoms = document.getElementsByTagName("geom");
        for (int i = 0; i < geoms.getLength(); i++) {
            Element geom = (Element) geoms.item(i);
            if (!geom.getAttribute("name").equals(change.geom())) continue;
            String[] size = geom.getAttribute("size").trim().split("\\s+");
            size[0] = text(change.value());
            geom.setAttribute("size", String.join(" ", size));
            return;
        }
        throw new IllegalArgumentException("the model has no geom named '" + change.geom() + "'");
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, "%.17g", value);
    }
}
