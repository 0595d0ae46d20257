package metarl.env.mujoco;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import metarl.env.body.SawyerObject;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The text of a scene of the Sawyer arm, made of the package's files: one text without includes, with
 *
 * <ul>
 * <li>what is only seen left out: three meshes remain, which collide or whose rotation is observed, and nothing moves otherwise;
 * <li>the weld between hand and mocap body that the package writes into the compiled model: no offset, quaternion (−1, 0, 0, 0), torque
 * scale 5;
 * <li>the coffee machine as a body moved by hand, because every episode has it elsewhere; the package changes the model;
 * <li>the cube in place of the cylinder.
 * </ul>
 */
final class SawyerModel {
    private static final String CUBE = "../objects/assets/block.xml";

    private SawyerModel() {}

    /** @param assets the folder of the package's assets */
    static String xml(Path assets, SawyerObject object) {
        Path scene = assets.resolve("sawyer_xyz").resolve(object.file());
        try {
            Document document = parsed(scene);
            if (object == SawyerObject.CUBE) cube(document);
            include(document, scene);
            Element compiler = (Element) document.getDocumentElement().appendChild(document.createElement("compiler"));
            compiler.setAttribute("discardvisual", "true");
            Element weld = (Element) document.getElementsByTagName("weld").item(0);
            weld.setAttribute("relpose", "0 0 0 -1 0 0 0");
            weld.setAttribute("torquescale", "5");
            if (object == SawyerObject.MUG) mug(document);
            var writer = new StringWriter();
            TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(writer));
            return writer.toString();
        } catch (IOException | SAXException | ParserConfigurationException | TransformerException e) {
            throw new IllegalStateException("the models of metaworld in " + assets + " cannot be read: " + e.getMessage()
                + ". Remove the folder and run ./metarl setup, which fetches them again.", e);
        }
    }

    private static Document parsed(Path file) throws IOException, SAXException, ParserConfigurationException {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    /** Puts what is included in its place; all paths are relative to the folder of the scene, and those of meshes become absolute. */
    private static void include(Document document, Path scene) throws IOException, SAXException, ParserConfigurationException {
        NodeList includes = document.getElementsByTagName("include");
        while (includes.getLength() > 0) {
            Element include = (Element) includes.item(0);
            Node parts = parsed(beside(scene, include)).getDocumentElement();
            for (Node part = parts.getFirstChild(); part != null; part = part.getNextSibling())
                include.getParentNode().insertBefore(document.importNode(part, true), include);
            include.getParentNode().removeChild(include);
        }
        NodeList meshes = document.getElementsByTagName("mesh");
        for (int i = 0; i < meshes.getLength(); i++) {
            Element mesh = (Element) meshes.item(i);
            mesh.setAttribute("file", beside(scene, mesh).toString());
        }
    }

    private static Path beside(Path scene, Element element) {
        return scene.resolveSibling(element.getAttribute("file")).normalize();
    }

    private static Element named(Document document, String tag, String name) {
        NodeList elements = document.getElementsByTagName(tag);
        for (int i = 0; i < elements.getLength(); i++)
            if (elements.item(i) instanceof Element element && element.getAttribute("name").equals(name)) return element;
        throw new IllegalStateException(
            "the models of metaworld have no " + tag + " '" + name + "'; expected those of " + SawyerAssets.VERSION);
    }

    private static void cube(Document document) {
        Element body = named(document, "body", "obj");
        while (body.hasChildNodes()) body.removeChild(body.getFirstChild());
        body.appendChild(document.createElement("freejoint"));
        Element include = (Element) body.appendChild(document.createElement("include"));
        include.setAttribute("file", CUBE);
    }

    private static void mug(Document document) {
        named(document, "body", "coffee_machine").setAttribute("mocap", "true");
        // a geom that a sensor refers to is not left out
        Element sensors = (Element) document.getDocumentElement().appendChild(document.createElement("sensor"));
        Element rotation = (Element) sensors.appendChild(document.createElement("framequat"));
        rotation.setAttribute("objtype", "geom");
        rotation.setAttribute("objname", "mug");
    }
}
