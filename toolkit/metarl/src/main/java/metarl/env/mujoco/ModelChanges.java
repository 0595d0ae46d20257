package metarl.env.mujoco;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import metarl.env.body.Body;
import org.mujoco.Model;
import org.mujoco.Model.Constants;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Makes the model of a body: changes of shape and time in the text, then changes of constants in the compiled model. */
final class ModelChanges {
    private ModelChanges() {}

    static Model compile(String xml, List<Body.Change> changes) {
        Model base = Model.fromXml(changed(xml, changes));
        for (Body.Change change : changes) {
            if (!isOfConstants(change)) continue;
            try (Model previous = base) {
                base = changed(previous, change);
            }
        }
        return base;
    }

    private static boolean isOfConstants(Body.Change change) {
        return change instanceof Body.Masses || change instanceof Body.Inertias || change instanceof Body.Dampings
            || change instanceof Body.Frictions;
    }

    private static Model changed(Model model, Body.Change change) {
        try (Model.Edit edit = model.edit()) {
            if (change instanceof Body.Masses c) edit.multiply(Constants.BODY_MASS, array(c.factors()));
            if (change instanceof Body.Inertias c) edit.multiply(Constants.BODY_INERTIA, array(c.factors()));
            if (change instanceof Body.Dampings c) edit.multiply(Constants.DOF_DAMPING, array(c.factors()));
            if (change instanceof Body.Frictions c) edit.multiply(Constants.GEOM_FRICTION, array(c.factors()));
            return edit.buildAsIs();
        }
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(v -> v).toArray();
    }

    private static String changed(String xml, List<Body.Change> changes) {
        if (changes.stream().noneMatch(c -> c instanceof Body.Armature || c instanceof Body.Radius || c instanceof Body.Timestep))
            return xml;
        try {
            Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
            for (Body.Change change : changes) {
                if (change instanceof Body.Armature c) armature(document, c.value());
                if (change instanceof Body.Radius c) radius(document, c);
                if (change instanceof Body.Timestep c)
                    ((Element) document.getElementsByTagName("option").item(0)).setAttribute("timestep", text(c.seconds()));
            }
            var writer = new StringWriter();
            TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(writer));
            return writer.toString();
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the model's text could not be changed", e);
        }
    }

    /** The root's joints give an armature of their own, so changing the default reaches all others. */
    private static void armature(Document document, double value) {
        Element defaults = (Element) document.getElementsByTagName("default").item(0);
        ((Element) defaults.getElementsByTagName("joint").item(0)).setAttribute("armature", text(value));
    }

    private static void radius(Document document, Body.Radius change) {
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
