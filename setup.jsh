// For a plain Java kernel (JJava or IJava): put %load ../setup.jsh into the first cell. The kernel 'metarl' needs no such cell.
%classpath ../toolkit/metarl/target/metarl.jar
%classpath ../toolkit/metarl/target/lib/*.jar
%load ../toolkit/metarl/src/main/resources/metarl/imports.jsh
metarl.notebook.Kernel.install();
