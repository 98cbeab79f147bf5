import type { HtmlTagDescriptor, Plugin } from 'vite';

/**
 * Has the page fetch a part that its first script imports later, at the same time as that script:
 * otherwise the browser learns of it only when the first one runs.
 * @param entry - end of the path of the module that is imported
 * @param base - path that the built files are served below
 * @throws where the build has no such part: a hint for nothing would go unnoticed
 */
export function preloadLater(entry: string, base: string): Plugin {
  return {
    name: 'sightline:preload-later',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        const chunk = Object.values(bundle).find(
          (output) =>
            output.type === 'chunk' &&
            output.isDynamicEntry &&
            output.facadeModuleId?.endsWith(entry) === true,
        );
        if (chunk?.type !== 'chunk') throw new Error(`No part of the build begins at ${entry}.`);
        const styles = [...(chunk.viteMetadata?.importedCss ?? [])];
        return [
          hint({ rel: 'modulepreload', href: base + chunk.fileName }),
          ...styles.map((file) => hint({ rel: 'preload', as: 'style', href: base + file })),
        ];
      },
    },
  };
}

function hint(attrs: { rel: string; href: string; as?: string }): HtmlTagDescriptor {
  return { tag: 'link', attrs: { ...attrs, crossorigin: true }, injectTo: 'head' };
}
