import metarl.spark.*;
import org.apache.spark.sql.SparkSession;
